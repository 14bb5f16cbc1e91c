-- id: mnt-selinux-context
-- severity: note
-- category: security
-- scope: image live
-- profiles: other-host=warning other-pod=warning forensic=off
-- group: options
-- title: mounts with an SELinux context
-- message: {n|mount|mounts} with a context of their own: {list}
-- why: The categories in it belong to the old container. A new pod gets others, and is denied its own files.
-- fix: restore with --lsm-mount-context and the new label
-- see: criu mount.c
-- fires: mount(mnt_id=5, mountpoint='/dev/shm', options='context="system_u:object_r:container_file_t:s0:c1,c2",size=65536k')
-- quiet: mount(mnt_id=5, mountpoint='/dev/shm', options='size=65536k')
-- quiet: mount(ns_id=1, mnt_id=5, mountpoint='/dev/shm', options='context="system_u:object_r:container_file_t:s0:c1,c2",size=65536k') namespace(type='mnt', id=1, is_host=1)
SELECT mountpoint AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, options
FROM mount AS m
WHERE options LIKE '%context=%'
  AND NOT EXISTS (SELECT 1 FROM namespace AS n WHERE n.type = 'mnt' AND n.id = m.ns_id AND n.is_host = 1)
