-- id: pidns-external
-- severity: note
-- category: namespace
-- scope: image log
-- profiles: plain-criu=error forensic=off
-- title: the pid namespace is given from outside
-- message: {subject} must be supplied under the name {ext_key}
-- why: The container shares the pid namespace of its pod. Its processes want their old pids there, and the pod's other
--   containers may have them.
-- fix: nothing to do with a container engine
-- fix criu: open the namespace and add --inherit-fd 'fd[N]:KEY', where KEY is the name above
-- see: criu cr-restore.c
-- fires: namespace(type='pid', id=9, ext_key='extRootPidNS')
-- quiet: namespace(type='pid', id=9)
SELECT 'pid namespace ' || id AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, ext_key
FROM namespace
WHERE type = 'pid' AND ext_key IS NOT NULL AND ext_key <> ''
