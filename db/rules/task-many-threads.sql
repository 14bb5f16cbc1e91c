-- id: task-many-threads
-- severity: note
-- category: process
-- scope: image live
-- profiles: forensic=off
-- title: many threads
-- message: {total} threads in {processes} processes
-- why: Each is stopped, dumped and made again by itself; the limit on tasks of the cgroup (pids.max) counts them all.
-- fix: see that pids.max is large enough where it is restored
-- see: criu cr-restore.c
-- fires: checkpoint(processes=3, threads=2000)
-- quiet: checkpoint(processes=3, threads=20)
SELECT 'threads' AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, threads AS total, processes
FROM checkpoint
WHERE threads > 1000
