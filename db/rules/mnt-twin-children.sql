-- id: mnt-twin-children
-- severity: error
-- category: mount
-- scope: live log
-- title: two mounts in one place
-- message: {subject} has {count} mounts with the same parent
-- why: CRIU cannot tell them apart.
-- fix: unmount one of them
-- see: criu mount.c
-- fires: mount(ns_id=1, mnt_id=5, parent_id=1, mountpoint='/x') mount(ns_id=1, mnt_id=6, parent_id=1, mountpoint='/x')
-- quiet: mount(ns_id=1, mnt_id=5, parent_id=1, mountpoint='/x') mount(ns_id=1, mnt_id=6, parent_id=5, mountpoint='/x')
-- quiet: mount(ns_id=1, mnt_id=5, parent_id=1, mountpoint='/x') mount(ns_id=1, mnt_id=6, parent_id=1, mountpoint='/x') namespace(type='mnt', id=1, is_host=1)
SELECT mountpoint AS subject, NULL AS pid, NULL AS fd, min(src_image) AS src_image, NULL AS src_entry, NULL AS src_offset,
       count(*) AS count
FROM mount AS m
WHERE NOT EXISTS (SELECT 1 FROM namespace AS n WHERE n.type = 'mnt' AND n.id = m.ns_id AND n.is_host = 1)
GROUP BY ns_id, parent_id, mountpoint
HAVING count(*) > 1
