-- id: dev-fuse-server
-- severity: blocker
-- category: device
-- scope: live log
-- over: dev-char-unsupported
-- title: a FUSE server
-- message: {subject} is open: the task serves a file system
-- why: Requests that are under way are in the kernel.
-- fix: unmount and stop the server before the dump
-- see: criu files-ext.c
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/dev/fuse', mode=0x21b6)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/dev/null', mode=0x21b6)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, printf('0%o', mode) AS mode
FROM file
WHERE path = '/dev/fuse'
