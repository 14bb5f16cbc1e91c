-- id: mnt-fuse-served
-- severity: warning
-- category: mount
-- scope: image
-- profiles: same-host=note
-- title: a mount that a program serves
-- message: {subject} is of type {fstype}
-- why: Its server is elsewhere, and must serve the same files where it is restored.
-- fix: see that the server runs there
-- see: criu filesystems.c
-- fires: mount(mnt_id=5, mountpoint='/proc/meminfo', fstype='fuse')
-- quiet: mount(mnt_id=5, mountpoint='/proc', fstype='proc')
-- quiet: mount(mnt_id=5, mountpoint='/sys/fs/fuse/connections', fstype='fusectl')
SELECT mountpoint AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, fstype, source
FROM mount
WHERE fstype = 'fuse' OR fstype LIKE 'fuse.%'
