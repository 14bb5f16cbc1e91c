-- id: pstree-broken
-- severity: blocker
-- category: integrity
-- scope: image
-- profiles: forensic=warning
-- title: a process without a parent
-- message: process {pid} has the parent {ppid}, which is not there
-- why: The tree of processes must hang together.
-- fix: copy the checkpoint again, or dump again
-- see: criu pstree.c
-- fires: process(pid=1, ppid=0, comm='init') process(pid=7, ppid=6, comm='x')
-- quiet: process(pid=1, ppid=0, comm='init') process(pid=7, ppid=1, comm='x')
SELECT p.comm AS subject, p.pid AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset, p.ppid
FROM process AS p LEFT JOIN process AS parent ON parent.pid = p.ppid
WHERE p.ppid <> 0 AND parent.pid IS NULL
