-- id: task-stopped
-- severity: note
-- category: process
-- scope: image live
-- title: a stopped task
-- message: process {pid} ({comm}) was stopped, and comes back stopped
-- why: A signal, a shell or a debugger stopped it.
-- fix: kill -CONT, before the dump or after the restore
-- see: criu cr-restore.c
-- fires: process(pid=9, ppid=1, comm='x', state='stopped')
-- quiet: process(pid=9, ppid=1, comm='x', state='alive')
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, comm
FROM process
WHERE state = 'stopped'
