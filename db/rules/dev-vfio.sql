-- id: dev-vfio
-- severity: blocker
-- category: device
-- scope: live log
-- over: dev-char-unsupported
-- title: a device that was handed to a program
-- message: {subject} is open
-- why: VFIO gives a program the hardware itself.
-- fix: close it before the dump
-- see: criu files-ext.c
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/dev/vfio/12', mode=0x21b6)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/dev/null', mode=0x21b6)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, printf('0%o', mode) AS mode
FROM file
WHERE path LIKE '/dev/vfio/%' OR path LIKE '%vfio-device%'
