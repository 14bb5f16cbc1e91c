-- id: file-link-remap
-- severity: error
-- category: file
-- scope: image log
-- assume: link-remap
-- profiles: forensic=off
-- title: a removed file that still has another name
-- message: {subject} was removed and comes back through the hard link link_remap.{remap_id}
-- why: CRIU made a second name for it during the dump. That must still be there when it is restored.
-- fix: keep the files link_remap.* that the dump made
-- fix cri-o: let the snapshot of the root file system be taken before the dump ends
-- see: criu files-reg.c
-- fires: file(id=3, pid=7, type='reg', path='/tmp/x', deleted=1, remap='linked', remap_id=19)
-- quiet: file(id=3, pid=7, type='reg', path='/tmp/x', deleted=1, remap='ghost', remap_id=1)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, remap_id
FROM file
WHERE remap = 'linked'
