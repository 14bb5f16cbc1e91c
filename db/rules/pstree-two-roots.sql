-- id: pstree-two-roots
-- severity: blocker
-- category: integrity
-- scope: image
-- profiles: forensic=warning
-- title: several trees of processes
-- message: {count} processes have no parent
-- why: A checkpoint is one tree.
-- fix: copy the checkpoint again, or dump again
-- see: criu pstree.c
-- fires: process(pid=1, ppid=0) process(pid=7, ppid=0)
-- quiet: process(pid=1, ppid=0) process(pid=7, ppid=1)
SELECT 'pstree.img' AS subject, NULL AS pid, NULL AS fd, min(src_image) AS src_image, NULL AS src_entry, NULL AS src_offset,
       count(*) AS count
FROM process
WHERE ppid = 0
HAVING count(*) > 1
