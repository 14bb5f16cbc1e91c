-- id: dev-vhost-tun
-- severity: blocker
-- category: device
-- scope: live log
-- over: dev-char-unsupported
-- title: a vhost device
-- message: {subject} is open
-- why: The kernel moves packets for a virtual machine behind it.
-- fix: close it before the dump
-- see: criu files-ext.c
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/dev/vhost-net', mode=0x21b6)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/dev/null', mode=0x21b6)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, printf('0%o', mode) AS mode
FROM file
WHERE path LIKE '/dev/vhost-%'
