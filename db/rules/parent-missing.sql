-- id: parent-missing
-- severity: blocker
-- category: integrity
-- scope: image log
-- profiles: forensic=warning
-- title: memory that is in a parent which is not named
-- message: process {pid}: {pages_parent} pages are in a parent, and there is no link to one
-- why: The dump is incremental: unchanged pages are in an earlier dump.
-- fix: add the link "parent" to the earlier images, or name them with --parent
-- see: criu pagemap.c
-- fires: checkpoint(path='/x') process(pid=7, comm='x', pages_parent=5)
-- quiet: checkpoint(path='/x', parent='../1') process(pid=7, comm='x', pages_parent=5)
-- quiet: checkpoint(path='/x') process(pid=7, comm='x', pages_parent=0)
SELECT p.comm AS subject, p.pid AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset, p.pages_parent
FROM process AS p
WHERE p.pages_parent > 0 AND (SELECT parent FROM checkpoint) IS NULL
