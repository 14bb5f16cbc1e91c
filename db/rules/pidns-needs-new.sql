-- id: pidns-needs-new
-- severity: note
-- category: namespace
-- scope: image log
-- profiles: plain-criu=warning forensic=off same-host=off
-- title: the root task is process 1
-- message: process 1 can only be restored in a new pid namespace
-- why: The image has that namespace where the container had one. A dump from inside of it has not.
-- fix: criu-ns restore, or dump from outside of the namespace
-- see: criu cr-restore.c
-- fires: process(pid=1, ppid=0, comm='x', pid_ns=1) namespace(type='pid', id=1, is_host=1)
-- quiet: process(pid=1, ppid=0, comm='x', pid_ns=9) namespace(type='pid', id=9, is_host=0)
SELECT p.comm AS subject, p.pid AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset, p.pid_ns
FROM process AS p JOIN namespace AS n ON n.id = p.pid_ns AND n.type = 'pid'
WHERE p.ppid = 0 AND p.pid = 1 AND n.is_host = 1
