-- id: vma-anonymous-executable
-- severity: warning
-- category: forensics
-- scope: image live
-- group: pid
-- title: executable memory that is of no file
-- message: {n|mapping|mappings}: {list}
-- why: Programs are mapped from files. Code without a file was made or loaded at run time: by a compiler, or by somebody.
-- fix: "coldcase mem -p PID --vma ADDRESS" shows it
-- attack: T1620
-- fires: vma(pid=7, start=0x1000, end=0x3000, size=8192, prot='r-xp', kind='anon', pages_present=2)
-- quiet: vma(pid=7, start=0x1000, end=0x3000, size=8192, prot='rwxp', kind='anon', pages_present=2)
-- quiet: vma(pid=7, start=0x1000, end=0x3000, size=8192, prot='r-xp', kind='vdso')
-- quiet: vma(pid=7, start=0x1000, end=0x3000, size=8192, prot='r-xp', kind='file', path='/bin/x')
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, prot, kind, size
FROM vma
WHERE prot LIKE '__x_' AND prot NOT LIKE '_wx_' AND kind IN ('anon', 'shmem', 'memfd', 'heap', 'sysv')
