-- id: anon-userfaultfd
-- severity: blocker
-- category: file
-- scope: live log
-- title: userfaultfd
-- message: {subject}: a task handles page faults of its own
-- why: CRIU cannot dump it.
-- fix: close it before the dump
-- see: criu files-ext.c
-- fires: file(id=3, pid=7, fds=1, path='anon_inode:[userfaultfd]')
-- quiet: file(id=3, pid=7, fds=1, path='anon_inode:[eventfd]')
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset
FROM file
WHERE path = 'anon_inode:[userfaultfd]'
