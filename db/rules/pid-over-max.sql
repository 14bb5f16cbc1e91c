-- id: pid-over-max
-- severity: note
-- category: process
-- scope: image
-- profiles: same-host=off other-host=warning other-pod=warning forensic=off
-- title: large ids
-- message: the largest id of a process or thread is {largest}
-- why: kernel.pid_max is 32768 on some hosts.
-- fix: raise kernel.pid_max on the host that restores
-- see: criu cr-restore.c
-- fires: thread(pid=40000, tid=40000)
-- quiet: thread(pid=400, tid=400)
SELECT 'thread ' || max(tid) AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry, NULL AS src_offset,
       max(tid) AS largest
FROM thread
HAVING max(tid) > 32768
