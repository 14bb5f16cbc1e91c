-- id: anon-io-uring
-- severity: blocker
-- category: file
-- scope: live log
-- title: io_uring
-- message: {subject}: io_uring is in use
-- why: CRIU cannot dump rings, and since Linux 6.7 their descriptors cannot even be passed to it.
-- fix: switch io_uring off in the program (libuv: UV_USE_IO_URING=0)
-- see: https://github.com/checkpoint-restore/criu/issues/2131
-- fires: file(id=3, pid=7, fds=1, path='anon_inode:[io_uring]')
-- quiet: file(id=3, pid=7, fds=1, path='anon_inode:[eventfd]')
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset
FROM file
WHERE path = 'anon_inode:[io_uring]'
