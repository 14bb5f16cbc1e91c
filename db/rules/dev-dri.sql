-- id: dev-dri
-- severity: blocker
-- category: device
-- scope: live log
-- over: dev-char-unsupported
-- title: a graphics card
-- message: {subject} is open
-- why: Nobody dumps the state of a graphics card.
-- fix: close it before the dump
-- see: criu files-ext.c
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/dev/dri/card0', mode=0x21b6)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/dev/dri/renderD128', mode=0x21b6)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, printf('0%o', mode) AS mode
FROM file
WHERE path LIKE '/dev/dri/card%'
