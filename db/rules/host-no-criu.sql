-- id: host-no-criu
-- severity: error
-- category: host
-- scope: host
-- title: there is no criu
-- message: no criu in {source}
-- why: Every engine restores by CRIU, as a program or as libcriu, which starts it.
-- fix: install the package criu
-- fires: host(name='program.criu', value='none', source='/usr/sbin')
-- quiet: host(name='program.criu', value='/usr/sbin/criu', source='/usr/sbin/criu')
-- quiet: host(name='program.criu', source='/usr/sbin')
SELECT 'criu' AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry, NULL AS src_offset, source
FROM host
WHERE name = 'program.criu' AND value = 'none'
