-- id: vma-unsorted
-- severity: blocker
-- category: integrity
-- scope: image
-- profiles: forensic=warning
-- title: mappings that overlap
-- message: the mapping at {subject} of process {pid} begins before the end of another one, at {other}
-- why: CRIU refuses mappings that are not in order.
-- fix: copy the checkpoint again, or dump again
-- see: criu mem.c
-- fires: vma(pid=7, start=0x1000, end=0x3000, status=1) vma(pid=7, start=0x2000, end=0x4000, status=1)
-- quiet: vma(pid=7, start=0x1000, end=0x3000, status=1) vma(pid=7, start=0x3000, end=0x4000, status=1)
-- quiet: vma(pid=7, start=0x1000, end=0x3000, status=1) vma(pid=7, start=0x2000, end=0x2800, status=0x10001)
WITH ordered AS (
  SELECT pid, start, end, src_image, src_entry, src_offset,
         lag(end) OVER (PARTITION BY pid ORDER BY start) AS before,
         lag(start) OVER (PARTITION BY pid ORDER BY start) AS other
  FROM vma WHERE status & 0x10000 = 0 AND start >= 0)
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, printf('0x%x', other) AS other
FROM ordered
WHERE before > start
