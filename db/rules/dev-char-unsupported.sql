-- id: dev-char-unsupported
-- severity: blocker
-- category: device
-- scope: live log
-- over: file-device
-- title: a device that CRIU cannot dump
-- message: {subject} is a character device
-- why: CRIU knows memory devices, terminals and tun. Whatever another driver holds behind a descriptor it cannot see.
-- fix: close the device before the dump, or use a plugin of CRIU's for it
-- see: criu files-ext.c
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/dev/watchdog', mode=0x2180)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/dev/null', mode=0x21b6)
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/dev/null', mode=0x21b6, device=2789)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/srv/nothing', mode=0x21b6, device=259)
-- quiet: file(id=3, pid=7, fds=1, type='tty', path='/dev/pts/0', mode=0x2190)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, printf('0%o', mode) AS mode
FROM file
WHERE type = 'reg' AND mode & 0xf000 = 0x2000
  AND CASE WHEN device IS NOT NULL THEN device >> 8 & 0xfff <> 1 AND device <> 2795 /* 1: memory, 10:235: autofs */
      ELSE path NOT LIKE '/dev/tty%' AND path NOT LIKE '/dev/pts/%' AND path NOT IN ('/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom', '/dev/mem', '/dev/kmem',
                   '/dev/port', '/dev/kmsg', '/dev/ptmx', '/dev/console', '/dev/net/tun', '/dev/autofs') END
