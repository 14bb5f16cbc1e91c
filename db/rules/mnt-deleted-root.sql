-- id: mnt-deleted-root
-- severity: note
-- category: mount
-- scope: image
-- profiles: forensic=off
-- title: a mount whose directory was removed
-- message: the directory that {subject} shows was removed
-- why: It is made for the restore and removed again.
-- fix: nothing to do
-- see: criu mount.c
-- fires: mount(mnt_id=5, mountpoint='/x', root='/y', deleted=1)
-- quiet: mount(mnt_id=5, mountpoint='/x', root='/y', deleted=0)
SELECT mountpoint AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, root, source
FROM mount
WHERE deleted = 1
