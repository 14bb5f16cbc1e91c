-- id: task-signals-pending
-- severity: note
-- category: process
-- scope: image live
-- group: pid
-- title: signals that wait
-- message: {n|signal was|signals were} sent and not yet taken: {list}
-- why: They are queued again and taken after the restore.
-- fix: nothing to do
-- see: criu cr-dump.c
-- fires: signal(pid=9, signal=10, name='SIGUSR1')
-- quiet: process(pid=9)
SELECT name AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, code_name, sender_pid, sender_uid
FROM signal
