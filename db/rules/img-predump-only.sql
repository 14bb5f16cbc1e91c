-- id: img-predump-only
-- severity: blocker
-- category: integrity
-- scope: image
-- profiles: forensic=note
-- title: a pre-dump by itself
-- message: memory only: there is an inventory, and no tree of processes
-- why: A pre-dump prepares a dump, which names it as its parent. Nothing can be restored from it alone.
-- fix: make the dump, with this as its parent (--prev-images-dir)
-- see: criu cr-dump.c
-- fires: checkpoint(img_version=0) member(name='inventory.img', kind='INVENTORY') member(name='pagemap-1.img', kind='PAGEMAP')
-- quiet: checkpoint(img_version=2) member(name='inventory.img', kind='INVENTORY') member(name='pstree.img', kind='PSTREE') member(name='pagemap-1.img', kind='PAGEMAP')
-- quiet: member(name='pagemap-1.img', kind='PAGEMAP')
SELECT 'pstree.img' AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, img_version
FROM checkpoint
WHERE EXISTS (SELECT 1 FROM member WHERE kind = 'INVENTORY') AND NOT EXISTS (SELECT 1 FROM member WHERE kind = 'PSTREE')
  AND EXISTS (SELECT 1 FROM member WHERE kind = 'PAGEMAP')
