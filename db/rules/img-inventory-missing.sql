-- id: img-inventory-missing
-- severity: blocker
-- category: integrity
-- scope: image
-- over all: img-dump-failed
-- profiles: forensic=warning
-- title: there is no inventory
-- message: inventory.img is not there: the dump did not finish
-- why: CRIU writes it last. What else is here is whatever had been written when it gave up.
-- fix: look at the log ("coldcase log"), and dump again
-- see: criu cr-dump.c
-- fires: checkpoint(path='/x') member(name='pstree.img', kind='PSTREE')
-- quiet: checkpoint(path='/x', img_version=2) member(name='pstree.img', kind='PSTREE') member(name='inventory.img', kind='INVENTORY')
-- quiet: checkpoint(path='/x') member(name='config.dump', kind='file')
SELECT 'inventory.img' AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry, NULL AS src_offset,
       (SELECT count(*) FROM member WHERE kind GLOB '[A-Z]*') AS images
FROM checkpoint
WHERE NOT EXISTS (SELECT 1 FROM member WHERE name = 'inventory.img' OR name LIKE '%/inventory.img')
  AND EXISTS (SELECT 1 FROM member WHERE kind IN ('PSTREE', 'CORE', 'MM', 'FILES', 'FDINFO', 'PAGEMAP'))
