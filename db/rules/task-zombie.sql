-- id: task-zombie
-- severity: note
-- category: process
-- scope: image live
-- group: all
-- title: zombies
-- message: {n|process has|processes have} ended and were not waited for: {list}
-- why: They are restored as they are. Many of them mean a program that does not look after its children.
-- fix: use an init that waits for orphans (--init)
-- see: criu cr-restore.c
-- fires: process(pid=9, ppid=1, comm='x', state='zombie')
-- quiet: process(pid=9, ppid=1, comm='x', state='alive')
SELECT coalesce(comm, 'process ' || pid) || ' (' || pid || ')' AS subject, NULL AS pid, NULL AS fd, src_image, src_entry,
       src_offset, state, exit_code
FROM process
WHERE state = 'zombie'
