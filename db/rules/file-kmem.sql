-- id: file-kmem
-- severity: error
-- category: security
-- scope: image live
-- profiles: forensic=blocker
-- title: memory or messages of the kernel are open
-- message: {subject} is open: memory or log of the host's kernel
-- why: Whoever has it reads, or changes, what belongs to the host. A container has no business there.
-- fix: find out who gave the container this device; close it before the dump
-- see: criu files.c
-- attack: T1611
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/dev/kmsg', mode=0x21a0)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/dev/null', mode=0x21b6)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/dev/kmsg', mode=0x81a0)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, printf('0%o', mode) AS mode,
       printf('0x%x', flags) AS flags
FROM file
WHERE type = 'reg' AND mode & 0xf000 = 0x2000 AND path IN ('/dev/mem', '/dev/kmem', '/dev/port', '/dev/kmsg')
