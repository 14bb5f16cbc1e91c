-- id: task-pdeath-signal
-- severity: warning
-- category: process
-- scope: image live
-- profiles: same-host=note forensic=off
-- title: the root task gets a signal when its parent ends
-- message: process {pid} gets signal {signal} when its parent ends
-- why: Its parent is criu for the time of the restore, and ends soon.
-- fix: criu restore --restore-sibling, or with -d from a parent that stays
-- see: criu cr-restore.c
-- fires: process(pid=50, ppid=0) thread(pid=50, tid=50, pdeath_signal=9)
-- quiet: process(pid=50, ppid=0) thread(pid=50, tid=50, pdeath_signal=0)
-- quiet: process(pid=50, ppid=1) thread(pid=50, tid=50, pdeath_signal=9)
SELECT 'process ' || p.pid AS subject, p.pid AS pid, NULL AS fd, t.src_image, t.src_entry, t.src_offset,
       t.pdeath_signal AS signal
FROM process AS p JOIN thread AS t ON t.pid = p.pid
WHERE p.ppid = 0 AND t.tid = p.pid AND t.pdeath_signal > 0
