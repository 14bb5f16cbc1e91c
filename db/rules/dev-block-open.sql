-- id: dev-block-open
-- severity: blocker
-- category: device
-- scope: live log
-- over: block-device-open file-device
-- title: a block device is open
-- message: {subject} is a block device
-- why: CRIU cannot dump a descriptor of one.
-- fix: close it before the dump; a file system on it can be mounted from the host with --external 'dev[MAJOR/MINOR]:NAME'
-- see: criu files.c
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/dev/vda', mode=0x61b0)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/dev/null', mode=0x21b6)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, printf('0%o', mode) AS mode
FROM file
WHERE mode & 0xf000 = 0x6000
