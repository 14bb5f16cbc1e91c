-- id: mem-hugetlb
-- severity: error
-- category: memory
-- scope: image live
-- profiles: same-host=warning forensic=off
-- group: pid
-- title: huge pages
-- message: {n|mapping|mappings} of huge pages, {total} bytes: {list}
-- why: As many huge pages of that size must be free, else the restorer cannot map them (-12, ENOMEM).
-- fix: raise vm.nr_hugepages on the host that restores
-- see: criu pie/restorer.c
-- fires: vma(pid=9, start=0x10000000, end=0x10200000, size=2097152, flags=0x40022, kind='anon')
-- quiet: vma(pid=9, start=0x1000, end=0x2000, size=4096, flags=0x22, kind='anon')
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, size,
       printf('0x%x', flags) AS flags, (SELECT sum(size) FROM vma WHERE flags & 0x40000) AS total
FROM vma
WHERE flags & 0x40000
