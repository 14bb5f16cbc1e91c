-- id: task-chroot
-- severity: note
-- category: process
-- scope: image live
-- profiles: forensic=warning
-- title: a task with a root of its own
-- message: process {pid} ({comm}) has the root {root}
-- why: CRIU restores that for all tasks but the first. It is a weak wall: who has CAP_SYS_CHROOT walks out.
-- fix: nothing to do
-- see: criu cr-restore.c
-- fires: process(pid=7, ppid=1, comm='x', root='/jail')
-- quiet: process(pid=7, ppid=1, comm='x', root='/')
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, comm, root
FROM process
WHERE root <> '/'
