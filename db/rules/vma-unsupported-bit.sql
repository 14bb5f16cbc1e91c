-- id: vma-unsupported-bit
-- severity: blocker
-- category: integrity
-- scope: image
-- profiles: forensic=warning
-- title: a mapping that CRIU marked as unsupported
-- message: the mapping at {subject} cannot be restored
-- why: It is of a device, and no plugin took it over.
-- fix: dump again, with the plugin for this device
-- see: criu image.h
-- fires: vma(pid=7, start=0x1000, end=0x3000, status=0x80000001)
-- quiet: vma(pid=7, start=0x1000, end=0x3000, status=0x88000001)
-- quiet: vma(pid=7, start=0x1000, end=0x3000, status=0x201)
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, path, prot
FROM vma
WHERE status & 0x80000000 AND NOT status & 0x8000000
