-- id: dev-io-pfn-mapping
-- severity: blocker
-- category: device
-- scope: live log
-- title: memory that is not memory
-- message: process {pid} has mapped frames of a device at {subject}
-- why: The mapping is of a device's registers or frames.
-- fix: unmap it before the dump, or use a plugin of CRIU's for the device
-- see: criu proc_parse.c
-- fires: vma(pid=7, start=0x1000, end=0x2000, kind='file', prot='rw-p', path='/dev/fb0', vm_flags='rd wr mr mw me pf io de dd')
-- quiet: vma(pid=7, start=0x1000, end=0x2000, kind='vvar', prot='r--p', vm_flags='rd mr pf io de dd')
-- quiet: vma(pid=7, start=0x1000, end=0x2000, kind='file', prot='rw-s', path='/dev/fb0', vm_flags='rd wr sh pf io')
-- quiet: vma(pid=7, start=0x1000, end=0x2000, kind='anon', prot='rw-p', vm_flags='rd wr mr mw me ac')
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, path, vm_flags
FROM vma
WHERE (' ' || vm_flags || ' ' LIKE '% io %' OR ' ' || vm_flags || ' ' LIKE '% pf %')
  AND kind NOT IN ('vvar', 'vdso', 'vsyscall', 'uprobes') AND NOT (kind = 'file' AND prot LIKE '%s')
