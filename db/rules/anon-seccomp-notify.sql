-- id: anon-seccomp-notify
-- severity: blocker
-- category: file
-- scope: live log
-- title: a seccomp notifier
-- message: {subject}: a task answers system calls of others
-- why: Calls that wait for an answer are in the kernel.
-- fix: detach the notifier before the dump
-- see: criu files-ext.c
-- fires: file(id=3, pid=7, fds=1, path='anon_inode:seccomp notify')
-- quiet: file(id=3, pid=7, fds=1, path='anon_inode:[eventfd]')
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset
FROM file
WHERE path = 'anon_inode:seccomp notify'
