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
-- quiet: mount(ns_id=1, mnt_id=5, mountpoint='/mnt', source='nas:/export') namespace(type='mnt', id=1, is_host=1)
SELECT mountpoint AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, source, fstype
FROM mount AS m
WHERE source GLOB '[A-Za-z0-9]*:/*'
  AND NOT EXISTS (SELECT 1 FROM namespace AS n WHERE n.type = 'mnt' AND n.id = m.ns_id AND n.is_host = 1)
