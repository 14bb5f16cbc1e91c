-- id: file-ghost
-- severity: note
-- category: file
-- scope: image
-- profiles: same-host=note
-- group: all
-- title: deleted files that are still open or mapped
-- message: {n|deleted file|deleted files}, {total} bytes of content in the images: {list}
-- why: Their content is in the checkpoint and comes back with it, as files that have no name.
-- fix: nothing to do; "coldcase carve --what ghost" writes them out
-- see: criu files-reg.c
-- attack: T1070.004
-- fires: file(id=3, pid=7, type='reg', path='/tmp/x', deleted=1, remap='ghost', held_bytes=5)
-- quiet: file(id=3, pid=7, type='reg', path='/tmp/x', deleted=0)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, remap,
       (SELECT sum(held_bytes) FROM file WHERE remap = 'ghost') AS total
FROM file
WHERE remap = 'ghost'
