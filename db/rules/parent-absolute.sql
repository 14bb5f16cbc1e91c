-- id: parent-absolute
-- severity: warning
-- category: integrity
-- scope: image
-- profiles: forensic=note
-- title: the parent is named by an absolute path
-- message: the link to the parent is {subject}
-- why: On another host that path leads nowhere, or elsewhere.
-- fix: make the link relative
-- see: criu image.c
-- fires: checkpoint(parent='/var/lib/x/1')
-- quiet: checkpoint(parent='../1')
-- quiet: checkpoint(path='/x')
SELECT parent AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, parent
FROM checkpoint
WHERE parent LIKE '/%'
