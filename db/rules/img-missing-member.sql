-- id: img-missing-member
-- severity: blocker
-- category: integrity
-- scope: image
-- profiles: forensic=warning
-- title: an image of a process is missing
-- message: process {pid} has no image {missing}
-- why: CRIU opens it for every process that is alive, and ends where it is not there.
-- fix: copy the checkpoint again, or dump again
-- see: criu pstree.c, cr-restore.c
-- fires: process(pid=7, state='alive') member(name='core-7.img', kind='CORE') member(name='mm-7.img', kind='MM') member(name='inventory.img', kind='INVENTORY') member(name='fs-7.img', kind='FS') member(name='ids-7.img', kind='IDS')
-- quiet: process(pid=7, state='alive') member(name='core-7.img', kind='CORE') member(name='mm-7.img', kind='MM') member(name='pagemap-7.img', kind='PAGEMAP') member(name='inventory.img', kind='INVENTORY') member(name='fs-7.img', kind='FS') member(name='ids-7.img', kind='IDS')
-- quiet: process(pid=7, state='alive') page_run(kind='task', pid=7) member(name='core-7.img', kind='CORE') member(name='mm-7.img', kind='MM') member(name='inventory.img', kind='INVENTORY') member(name='fs-7.img', kind='FS') member(name='ids-7.img', kind='IDS')
-- quiet: process(pid=7, state='zombie') member(name='core-7.img', kind='CORE') member(name='inventory.img', kind='INVENTORY')
WITH wanted(kind) AS (VALUES ('core'), ('mm'), ('pagemap'), ('fs'), ('ids')),
     have(name) AS MATERIALIZED (SELECT replace(name, rtrim(name, replace(name, '/', '')), '') FROM member WHERE name GLOB '*-[0-9]*.img')
SELECT w.kind || '-' || p.pid || '.img' AS subject, p.pid AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset,
       w.kind || '-' || p.pid || '.img' AS missing
FROM process AS p CROSS JOIN wanted AS w
WHERE (p.state IS NULL OR p.state <> 'zombie' OR w.kind = 'core')
  AND w.kind || '-' || p.pid || '.img' NOT IN (SELECT name FROM have)
  AND EXISTS (SELECT 1 FROM member WHERE kind = 'INVENTORY')
  AND NOT (w.kind = 'pagemap' AND EXISTS (SELECT 1 FROM page_run AS r WHERE r.kind = 'task' AND r.pid = p.pid))
