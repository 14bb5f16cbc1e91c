-- id: file-device
-- severity: warning
-- category: device
-- scope: image live
-- profiles: same-host=note
-- title: an open device
-- message: {subject} is a device of the host
-- why: The image keeps the path only. What is restored is whatever device stands there.
-- fix: give the restored container the same device under the same path
-- see: criu files.c
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/dev/kvm', mode=0x21b0)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/dev/null', mode=0x21b6)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/dev/pts/0', mode=0x2190)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/data/x', mode=0x81b0)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, printf('0%o', mode) AS mode
FROM file
WHERE type = 'reg' AND mode & 0xf000 IN (0x2000, 0x6000)
  AND path NOT IN ('/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom', '/dev/tty', '/dev/ptmx',
                   '/dev/console', '/dev/pts/ptmx', '/dev/mem', '/dev/kmem', '/dev/port', '/dev/kmsg')
  AND path NOT LIKE '/dev/pts/%' AND path NOT LIKE '/dev/tty%'
