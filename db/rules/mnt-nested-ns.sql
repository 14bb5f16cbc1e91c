-- id: mnt-nested-ns
-- severity: note
-- category: namespace
-- scope: image
-- title: several mount namespaces
-- message: {count} mount namespaces
-- why: Tasks see different mounts. CRIU restores that; it is also how a task can hide files from the others.
-- fix: nothing to do
-- see: criu mount.c
-- fires: namespace(type='mnt', id=13, processes=2, is_host=0) namespace(type='mnt', id=14, processes=1, is_host=0)
-- quiet: namespace(type='mnt', id=13, processes=2, is_host=0)
SELECT 'mount namespaces' AS subject, NULL AS pid, NULL AS fd, min(src_image) AS src_image, NULL AS src_entry,
       NULL AS src_offset, count(*) AS count
FROM namespace
WHERE type = 'mnt' AND processes > 0
HAVING count(*) > 1
