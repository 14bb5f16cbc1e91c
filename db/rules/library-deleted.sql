-- id: library-deleted
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: same-host=note forensic=error
-- group: pid path
-- title: code of a file that was removed
-- message: process {pid} executes {path}, which was removed
-- why: An upgrade replaces libraries while they are in use. Injected ones are often removed at once.
-- fix: "coldcase carve --what ghost" writes the file of a checkpoint out; of a running process copy it from
--   /proc/PID/map_files
-- attack: T1574
-- fires: vma(pid=7, start=0x1000, end=0x3000, prot='r-xp', kind='file', path='/tmp/evil.so', file_id=3) file(id=3, deleted=1)
-- quiet: vma(pid=7, start=0x1000, end=0x3000, prot='r-xp', kind='file', path='/lib/libc.so.6', file_id=3) file(id=3, deleted=0)
SELECT printf('0x%x', v.start) AS subject, v.pid AS pid, NULL AS fd, v.src_image, v.src_entry, v.src_offset, v.path
FROM vma AS v JOIN file AS f ON f.id = v.file_id
WHERE v.prot LIKE '__x_' AND v.kind = 'file' AND f.deleted = 1
