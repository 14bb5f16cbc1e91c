-- id: partial-stop
-- severity: error
-- category: process
-- scope: live log
-- title: some threads are stopped
-- message: {stopped} of the threads of process {pid} ({subject}) are stopped, and {others} not
-- why: CRIU knows processes that are stopped as a whole.
-- fix: kill -CONT before the dump
-- see: criu seize.c
-- fires: process(pid=7, comm='x') thread(pid=7, tid=7, state='stopped') thread(pid=7, tid=8, state='sleeping')
-- quiet: process(pid=7, comm='x') thread(pid=7, tid=7, state='stopped') thread(pid=7, tid=8, state='stopped')
-- quiet: process(pid=7, comm='x') thread(pid=7, tid=7, state='running') thread(pid=7, tid=8, state='sleeping')
SELECT p.comm AS subject, p.pid AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset,
       sum(t.state = 'stopped') AS stopped, sum(t.state <> 'stopped') AS others
FROM process AS p JOIN thread AS t ON t.pid = p.pid
WHERE t.state IS NOT NULL AND t.state <> 'zombie'
GROUP BY p.pid
HAVING sum(t.state = 'stopped') > 0 AND sum(t.state <> 'stopped') > 0
