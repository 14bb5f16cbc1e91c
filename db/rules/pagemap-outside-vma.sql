-- id: pagemap-outside-vma
-- severity: blocker
-- category: integrity
-- scope: image
-- profiles: forensic=warning
-- group: pid
-- title: pages outside of every mapping
-- message: {n|run|runs} of pages lie where nothing is mapped: {list}
-- why: The page map and the mappings contradict each other. CRIU refuses; somebody may have added pages.
-- fix: copy the checkpoint again, or dump again
-- see: criu mem.c
-- fires: page_run(kind='task', pid=7, address=0x9000, end=0xa000, pages=1) vma(pid=7, start=0x1000, end=0x3000)
-- quiet: page_run(kind='task', pid=7, address=0x1000, end=0x3000, pages=2) vma(pid=7, start=0x1000, end=0x3000)
-- quiet: page_run(kind='shmem', shmid=5, address=0x9000, end=0xa000, pages=1) vma(pid=7, start=0x1000, end=0x3000)
SELECT printf('0x%x', r.address) AS subject, r.pid AS pid, NULL AS fd, r.src_image, r.src_entry, r.src_offset, r.pages, r.state
FROM page_run AS r
WHERE r.kind = 'task' AND EXISTS (SELECT 1 FROM vma AS any WHERE any.pid = r.pid)
  AND NOT EXISTS (SELECT 1 FROM vma AS v WHERE v.pid = r.pid AND v.start <= r.address AND v.end > r.address)
