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
SELECT mountpoint AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, fstype, source
FROM mount
WHERE (fstype = 'fuse' OR fstype LIKE 'fuse.%') AND coalesce(ext_key, '') = ''
