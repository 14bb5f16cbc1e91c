-- id: task-sched-rt
-- severity: warning
-- category: process
-- scope: image live
-- profiles: same-host=note forensic=off
-- title: real-time scheduling or a negative nice value
-- message: thread {tid}: policy {sched_policy}, priority {sched_priority}, nice {nice}
-- why: Setting it again takes CAP_SYS_NICE, and with cgroups of version 1 a budget for real time.
-- fix: restore with CAP_SYS_NICE
-- see: criu cr-restore.c
-- fires: thread(pid=9, tid=9, sched_policy=1, sched_priority=10, nice=0)
-- fires: thread(pid=9, tid=9, sched_policy=0, sched_priority=0, nice=-5)
-- quiet: thread(pid=9, tid=9, sched_policy=0, sched_priority=0, nice=0)
SELECT 'thread ' || tid AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, tid, sched_policy, sched_priority, nice
FROM thread
WHERE sched_policy IN (1, 2, 6) OR nice < 0
