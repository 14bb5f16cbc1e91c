-- id: block-device-open
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: forensic=error
-- over: file-device
-- title: a disk of the host is open
-- message: {subject} is open
-- why: With the disk one has every file of the host.
-- fix: find out who gave the container this device
-- attack: T1611
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/dev/sda', mode=0x61b0, flags=2)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/dev/null', mode=0x21b6, flags=2)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, printf('0%o', mode) AS mode
FROM file
WHERE type = 'reg' AND mode & 0xf000 = 0x6000
