-- id: library-unusual-place
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: forensic=error
-- group: pid path
-- title: code from a place where libraries do not belong
-- message: process {pid} has mapped {path} to execute it
-- why: Directories that everybody may write to are where injected libraries are put.
-- fix: look at the file: "coldcase rootfs" and "coldcase carve" of a checkpoint, /proc/PID/map_files of a running process
-- attack: T1574
-- fires: vma(pid=7, start=0x1000, end=0x3000, prot='r-xp', kind='file', path='/tmp/evil.so')
-- quiet: vma(pid=7, start=0x1000, end=0x3000, prot='r-xp', kind='file', path='/usr/lib/libc.so.6')
-- quiet: vma(pid=7, start=0x1000, end=0x3000, prot='r--p', kind='file', path='/tmp/data')
-- quiet: vma(pid=7, start=0x1000, end=0x3000, prot='r-xp', kind='file', path='/tmp/x') process(pid=7, exe='/tmp/x')
SELECT printf('0x%x', v.start) AS subject, v.pid AS pid, NULL AS fd, v.src_image, v.src_entry, v.src_offset, v.path
FROM vma AS v
WHERE v.prot LIKE '__x_' AND v.kind = 'file'
  AND (v.path GLOB '/tmp/*' OR v.path GLOB '/var/tmp/*' OR v.path GLOB '/dev/shm/*')
  AND v.path NOT IN (SELECT exe FROM process WHERE exe IS NOT NULL)
