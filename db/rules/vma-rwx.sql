-- id: vma-rwx
-- severity: warning
-- category: forensics
-- scope: image live
-- group: pid
-- title: memory that is writable and executable
-- message: {n|mapping|mappings}, {total} bytes: {list}
-- why: Code can be written and run there. Just-in-time compilers need it, or should not; injected code lives there.
-- fix: "coldcase mem -p PID --vma ADDRESS" shows it
-- attack: T1055
-- fires: vma(pid=7, start=0x1000, end=0x3000, size=8192, prot='rwxp', kind='anon')
-- quiet: vma(pid=7, start=0x1000, end=0x3000, size=8192, prot='r-xp', kind='file')
SELECT printf('0x%x', v.start) AS subject, v.pid AS pid, NULL AS fd, v.src_image, v.src_entry, v.src_offset, v.prot,
       v.kind, v.path, (SELECT sum(size) FROM vma AS w WHERE w.pid = v.pid AND w.prot LIKE '_wx_') AS total
FROM vma AS v
WHERE v.prot LIKE '_wx_' AND v.kind <> 'vsyscall'
