-- id: host-arch
-- severity: blocker
-- category: host
-- scope: host
-- title: another architecture than the host's
-- message: the checkpoint is of {image}, the host is {host}
-- why: Registers and code of one architecture mean nothing on another.
-- fix: restore on a host of {image}
-- see: criu cr-restore.c
-- fires: checkpoint(arch='aarch64') host(name='arch', value='x86_64')
-- quiet: checkpoint(arch='x86_64') host(name='arch', value='x86_64')
-- quiet: checkpoint(arch='aarch64') host(name='arch')
SELECT c.arch AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry, NULL AS src_offset,
       c.arch AS image, h.value AS host
FROM checkpoint AS c JOIN host AS h ON h.name = 'arch'
WHERE c.arch <> h.value
