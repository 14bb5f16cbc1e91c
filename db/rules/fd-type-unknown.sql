-- id: fd-type-unknown
-- severity: blocker
-- category: integrity
-- scope: image
-- group: all
-- over: fd-dangling
-- title: files of a type that CRIU 4.2 does not know
-- message: {n|file is|files are} of an unknown type: {list}
-- why: A newer CRIU made them, or the image is damaged. CRIU stops at the first.
-- fix: restore with a CRIU that is at least as new as the one that dumped
-- see: criu files.c
-- fires: file(id=3, type='unknown')
-- quiet: file(id=3, type='reg')
SELECT 'file ' || id AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset
FROM file
WHERE type = 'unknown'
