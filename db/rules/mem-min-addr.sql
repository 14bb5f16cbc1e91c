-- id: mem-min-addr
-- severity: error
-- category: memory
-- scope: image live
-- profiles: same-host=warning forensic=warning
-- title: a mapping at the bottom of the address space
-- message: a mapping at {subject} lies below what vm.mmap_min_addr usually allows
-- why: Only with CAP_SYS_RAWIO can anything be mapped there: old emulators do, and exploits of NULL dereferences in
--   the kernel.
-- fix: lower vm.mmap_min_addr on the host that restores, if it must be
-- see: criu kerndat.c
-- fires: vma(pid=9, start=0, end=0x1000, kind='anon')
-- quiet: vma(pid=9, start=0x400000, end=0x401000, kind='file')
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, prot, size
FROM vma
WHERE start >= 0 AND start < 65536
