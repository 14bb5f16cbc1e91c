-- id: mnt-nfs-like
-- severity: warning
-- category: mount
-- scope: image live
-- profiles: same-host=note
-- title: a mount from another machine
-- message: {subject} comes from {source}
-- why: That machine must be reached before anything is restored, and must have the same files.
-- fix: see that the export is there
-- see: criu mount.c
-- fires: mount(mnt_id=5, mountpoint='/mnt', source='nas:/export')
-- quiet: mount(mnt_id=5, mountpoint='/mnt', source='/dev/vda')
-- quiet: mount(mnt_id=5, mountpoint='/mnt', source='none')
SELECT mountpoint AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, source, fstype
FROM mount
WHERE source GLOB '[A-Za-z0-9]*:/*'
