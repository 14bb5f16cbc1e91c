-- id: dev-mapped
-- severity: blocker
-- category: device
-- scope: live log
-- title: memory of a device is mapped
-- message: process {pid} has mapped {subject}
-- why: A mapping of a device other than /dev/zero cannot be dumped without a plugin.
-- fix: unmap it before the dump, or use a plugin of CRIU's for the device
-- see: https://github.com/checkpoint-restore/criu/issues/2065
-- fires: vma(pid=7, start=0x1000, end=0x2000, kind='file', prot='rw-s', path='/dev/fb0', file_id=3) file(id=3, type='reg', path='/dev/fb0', mode=0x21b6)
-- quiet: vma(pid=7, start=0x1000, end=0x2000, kind='file', prot='rw-s', path='/dev/zero', file_id=3) file(id=3, type='reg', path='/dev/zero', mode=0x21b6)
-- quiet: vma(pid=7, start=0x1000, end=0x2000, kind='file', prot='rw-s', path='/tmp/x', file_id=3) file(id=3, type='reg', path='/tmp/x', mode=0x81a4)
SELECT v.path AS subject, v.pid AS pid, NULL AS fd, v.src_image, v.src_entry, v.src_offset, printf('0x%x', v.start) AS start
FROM vma AS v JOIN file AS f ON f.id = v.file_id
WHERE v.kind = 'file' AND f.mode & 0xf000 IN (0x2000, 0x6000) AND f.path <> '/dev/zero'
