-- id: mnt-fuse
-- severity: error
-- category: mount
-- scope: live log
-- title: a FUSE mount
-- message: {subject} is served by a program
-- why: Its server is elsewhere, so it must be external.
-- fix: mount it from the host and declare it external
-- see: criu filesystems.c
-- fires: mount(mnt_id=5, mountpoint='/x', fstype='fuse.sshfs')
-- quiet: mount(mnt_id=5, mountpoint='/x', fstype='fuse.sshfs', ext_key='/x')
-- quiet: mount(mnt_id=5, mountpoint='/sys/fs/fuse/connections', fstype='fusectl')
-- quiet: mount(ns_id=1, mnt_id=5, mountpoint='/x', fstype='fuse.sshfs') namespace(type='mnt', id=1, is_host=1)
SELECT mountpoint AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, fstype, source
FROM mount AS m
WHERE (fstype = 'fuse' OR fstype LIKE 'fuse.%') AND coalesce(ext_key, '') = ''
  AND NOT EXISTS (SELECT 1 FROM namespace AS n WHERE n.type = 'mnt' AND n.id = m.ns_id AND n.is_host = 1)
