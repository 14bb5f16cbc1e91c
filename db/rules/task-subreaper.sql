-- id: task-subreaper
-- severity: note
-- category: process
-- scope: image live
-- profiles: forensic=off
-- title: a task that adopts orphans
-- message: process {pid} ({comm}) is a subreaper
-- why: Orphans below it become its children; that is restored.
-- fix: nothing to do
-- see: criu pie/restorer.c
-- fires: process(pid=7, comm='init', child_subreaper=1)
-- quiet: process(pid=7, comm='init', child_subreaper=0)
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, comm
FROM process
WHERE child_subreaper = 1
