-- id: img-version-unsupported
-- severity: blocker
-- category: integrity
-- scope: image log
-- profiles: forensic=note
-- title: images of a version that CRIU does not read
-- message: version {img_version}
-- why: CRIU reads versions 1 and 2.
-- fix: restore with the CRIU that dumped it
-- see: criu image.c
-- fires: checkpoint(img_version=3)
-- quiet: checkpoint(img_version=2)
-- quiet: checkpoint(img_version=0)
SELECT 'inventory.img' AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, img_version
FROM checkpoint
WHERE img_version NOT IN (0, 1, 2)
