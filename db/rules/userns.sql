-- id: userns
-- severity: warning
-- category: namespace
-- scope: image
-- profiles: same-host=note plain-criu=warning forensic=note
-- title: a user namespace
-- message: ids of user namespace {id} are mapped: {uid_map}
-- why: Whoever restores must be allowed to write these maps: root, or the owner of these subordinate ids.
-- fix: restore as root, with the same mapping
-- see: criu namespaces.c
-- fires: namespace(type='user', id=20, is_host=0, uid_map='0 100000 65536')
-- quiet: namespace(type='user', id=7, is_host=1)
SELECT 'user namespace ' || id AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, id, uid_map, gid_map
FROM namespace
WHERE type = 'user' AND is_host = 0 AND uid_map IS NOT NULL
