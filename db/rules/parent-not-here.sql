-- id: parent-not-here
-- severity: warning
-- category: integrity
-- scope: image
-- title: the parent is not here
-- message: the link to the parent names {missing_parent}, which is not here
-- why: Where pages were left in the parent they are missing; where none were, the dump is complete and the link means
--   nothing.
-- fix: name the parent with --parent PATH, or copy it beside the images
-- see: criu image.c
-- fires: checkpoint(parent='../0', missing_parent='../0')
-- quiet: checkpoint(parent='../0')
SELECT missing_parent AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, missing_parent
FROM checkpoint
WHERE missing_parent IS NOT NULL
