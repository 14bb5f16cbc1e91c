-- id: mnt-propagation
-- severity: note
-- category: mount
-- scope: image
-- profiles: other-host=warning forensic=off
-- group: ns_id
-- title: mounts that receive mounts from outside
-- message: {n|slave mount|slave mounts} whose master is not here: {list}
-- why: Their groups are restored with MOVE_MOUNT_SET_GROUP, since Linux 5.15; before that the old engine tries, and not
--   every arrangement can be had.
-- fix: restore on Linux 5.15 or later
-- see: criu mount-v2.c
-- fires: mount(ns_id=13, mnt_id=5, mountpoint='/vol', master_id=7)
-- quiet: mount(ns_id=13, mnt_id=5, mountpoint='/vol', master_id=7) mount(ns_id=13, mnt_id=6, mountpoint='/v', shared_id=7)
-- quiet: mount(ns_id=13, mnt_id=5, mountpoint='/vol', master_id=0)
SELECT m.mountpoint AS subject, NULL AS pid, NULL AS fd, m.src_image, m.src_entry, m.src_offset, m.ns_id, m.master_id
FROM mount AS m LEFT JOIN mount AS peer ON peer.shared_id = m.master_id
WHERE m.master_id > 0 AND peer.mnt_id IS NULL
