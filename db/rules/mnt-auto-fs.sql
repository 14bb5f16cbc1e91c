-- id: mnt-auto-fs
-- severity: warning
-- category: mount
-- scope: image
-- profiles: same-host=note forensic=off
-- title: a file system that CRIU mounts without knowing it
-- message: {subject} is mounted again by its name and options
-- why: The dump was told to let it pass (--enable-fs). Whether the content is the same is nobody's promise.
-- fix: see that the host has the file system and the same source
-- see: criu filesystems.c
-- fires: mount(mnt_id=5, mountpoint='/x', fstype='auto', source='/dev/vdb')
-- quiet: mount(mnt_id=5, mountpoint='/x', fstype='tmpfs')
SELECT mountpoint AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, source, options
FROM mount
WHERE fstype = 'auto'
