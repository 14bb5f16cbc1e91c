-- id: mem-droppable
-- severity: note
-- category: memory
-- scope: image
-- profiles: other-host=warning forensic=off
-- group: pid
-- title: memory that may be dropped
-- message: {n|mapping|mappings} with MAP_DROPPABLE: {list}
-- why: Linux has that since 6.11.
-- fix: restore on Linux 6.11 or later
-- see: criu proc_parse.c
-- fires: vma(pid=9, start=0x1000, end=0x2000, flags=0x28, kind='anon')
-- quiet: vma(pid=9, start=0x1000, end=0x2000, flags=0x22, kind='anon')
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, size
FROM vma
WHERE flags & 0xf = 8
