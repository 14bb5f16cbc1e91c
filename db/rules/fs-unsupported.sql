-- id: fs-unsupported
-- severity: error
-- category: mount
-- scope: live log
-- assume: external
-- title: a file system that CRIU cannot mount
-- message: {subject} is of type {fstype}
-- why: It was mounted inside of the container, and CRIU knows only some kinds.
-- fix: mount it from the host and declare it external, or try --enable-fs NAME
-- see: criu mount.c
-- fires: mount(ns_id=1, mnt_id=5, mountpoint='/x', root='/', fstype='ext4')
-- quiet: mount(ns_id=1, mnt_id=5, mountpoint='/x', root='/', fstype='tmpfs')
-- quiet: mount(ns_id=1, mnt_id=5, mountpoint='/', root='/', fstype='ext4')
-- quiet: mount(ns_id=1, mnt_id=5, mountpoint='/x', root='/', fstype='ext4') namespace(type='mnt', id=1, is_host=1)
SELECT m.mountpoint AS subject, NULL AS pid, NULL AS fd, m.src_image, m.src_entry, m.src_offset, m.fstype, m.source
FROM mount AS m
WHERE m.root = '/' AND m.mountpoint <> '/' AND coalesce(m.ext_key, '') = ''
  AND m.fstype NOT IN ('proc', 'sysfs', 'devtmpfs', 'binfmt_misc', 'debugfs', 'tracefs', 'cgroup', 'cgroup2', 'tmpfs', 'devpts',
                       'mqueue', 'pstore', 'securityfs', 'fusectl', 'overlay', 'aufs', 'autofs')
  AND m.fstype NOT LIKE 'fuse%'
  AND NOT EXISTS (SELECT 1 FROM namespace AS n WHERE n.type = 'mnt' AND n.id = m.ns_id AND n.is_host = 1)
