-- id: freeze-timeout
-- severity: error
-- category: process
-- scope: live log
-- title: tasks that do not stop
-- message: thread {tid} of process {pid} waits and cannot be interrupted
-- why: A task waits for a disk or a network file system and cannot be interrupted.
-- fix: find out what it waits for; --timeout SECONDS gives it more time
-- see: criu seize.c
-- fires: thread(pid=7, tid=8, comm='x', state='uninterruptible')
-- quiet: thread(pid=7, tid=8, comm='x', state='sleeping')
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, tid, 'warning' AS severity
FROM thread
WHERE state = 'uninterruptible'
