-- id: mem-guard
-- severity: note
-- category: memory
-- scope: image
-- profiles: other-host=warning forensic=off
-- group: pid
-- title: guard pages
-- message: {n|range|ranges} with guard pages: {list}
-- why: They are made with MADV_GUARD_INSTALL, which Linux has since 6.13.
-- fix: restore on Linux 6.13 or later
-- see: criu pie/restorer.c
-- fires: vma(pid=9, start=0x1000, end=0x2000, kind='guard', status=0x10001)
-- quiet: vma(pid=9, start=0x1000, end=0x2000, kind='anon', status=0x201)
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, size
FROM vma
WHERE kind = 'guard' OR status & 0x10000
