-- id: host-unknown
-- severity: note
-- category: host
-- scope: host
-- group: all
-- title: what cannot be told of the host
-- message: {n|fact is|facts are} not known, so rules that need them were silent: {list}
-- why: Nothing is executed to find out. What no file says, or what may not be read, stays open; "criu check --all" asks
--   the kernel itself.
-- fix: give what may be read, or run "criu check --all" on the host
-- fires: host(name='config', source='/proc/config.gz')
-- quiet: host(name='version.docker', source='/var/lib/dpkg/status')
-- quiet: host(name='kernel', value='6.1.0', number=6001000)
SELECT DISTINCT name AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry, NULL AS src_offset,
       source
FROM host
WHERE value IS NULL AND (name NOT LIKE 'version.%' OR name = 'version.criu')
