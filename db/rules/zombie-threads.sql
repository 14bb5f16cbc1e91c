-- id: zombie-threads
-- severity: blocker
-- category: process
-- scope: live log
-- title: a dead leader with threads that live
-- message: process {pid} ({subject}) has ended, and {n} of its threads have not
-- why: The first thread has ended, and the kernel tells no more about the process.
-- fix: do not end main with pthread_exit
-- see: criu seize.c
-- fires: process(pid=7, comm='x', state='zombie') thread(pid=7, tid=7, state='zombie') thread(pid=7, tid=8, state='sleeping')
-- quiet: process(pid=7, comm='x', state='zombie') thread(pid=7, tid=7, state='zombie')
-- quiet: process(pid=7, comm='x', state='alive') thread(pid=7, tid=7, state='sleeping') thread(pid=7, tid=8, state='sleeping')
SELECT p.comm AS subject, p.pid AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset, count(*) AS n
FROM process AS p JOIN thread AS t ON t.pid = p.pid AND t.tid <> p.pid
WHERE p.state = 'zombie' AND t.state <> 'zombie'
GROUP BY p.pid
