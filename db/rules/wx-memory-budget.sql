-- id: wx-memory-budget
-- severity: note
-- category: forensics
-- scope: image live
-- profiles: same-host=off forensic=warning
-- over: vma-rwx
-- group: pid
-- title: a large area that is writable and executable
-- message: process {pid}: {n|area|areas} of more than 16 MiB: {list}
-- why: Just-in-time compilers reserve so much; unpackers of malware, too.
-- fix: "coldcase mem -p {pid}" shows what is there
-- attack: T1027.002
-- fires: vma(pid=7, start=0x1000, end=0x2000, size=33554432, prot='rwxp', kind='anon')
-- quiet: vma(pid=7, start=0x1000, end=0x2000, size=4096, prot='rwxp', kind='anon')
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, size, prot
FROM vma
WHERE prot LIKE '_wx_' AND size > 16777216
