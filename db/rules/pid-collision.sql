-- id: pid-collision
-- severity: error
-- category: process
-- scope: image log
-- profiles: same-host=warning forensic=off
-- title: pids that must be free on the host
-- message: {processes|process has no pid namespace of its own|processes have no pid namespace of their own}, the first with pid {pid}
-- why: They want the same ids again. Where another process has one of them the restore fails.
-- fix: restore into a pid namespace (criu-ns), or on a host where these ids are free; Linux 5.5 or later makes it less of a race
-- see: https://github.com/checkpoint-restore/criu/issues/1470
-- fires: process(pid=50, ppid=0, comm='x') process(pid=51, ppid=50, comm='y')
-- quiet: process(pid=50, ppid=0, comm='x') host(name='pid', value='1', number=1)
-- quiet: process(pid=1, ppid=0, comm='x') process(pid=51, ppid=1, comm='y')
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, (SELECT count(*) FROM process) AS processes,
       (SELECT max(tid) FROM thread) AS largest_id
FROM process
WHERE ppid = 0 AND pid <> 1 AND NOT EXISTS (SELECT 1 FROM host WHERE name = 'pid' AND value IS NOT NULL)
