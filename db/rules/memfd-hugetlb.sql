-- id: memfd-hugetlb
-- severity: error
-- category: memory
-- scope: image live
-- profiles: same-host=warning forensic=off
-- title: a memory file of huge pages
-- message: {name} has {size} bytes in huge pages
-- why: As many huge pages of that size must be free when it is restored.
-- fix: raise vm.nr_hugepages on the host that restores
-- see: criu memfd.c
-- fires: memfd(inode_id=1, name='hp', size=2097152, hugetlb=0x54000000)
-- quiet: memfd(inode_id=1, name='hp', size=2097152)
SELECT 'memfd ' || coalesce(name, inode_id) AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, name, size
FROM memfd
WHERE hugetlb IS NOT NULL
