-- id: parent-page-missing
-- severity: blocker
-- category: integrity
-- scope: image
-- profiles: forensic=warning
-- group: pid
-- over: parent-missing
-- title: memory that is nowhere
-- message: pages of process {pid} are in a parent that is not here, in {n|mapping|mappings}: {list}
-- why: The dump is incremental: unchanged pages are in an earlier dump, and that is not here or does not have them.
-- fix: name the parent with --parent PATH, or copy it beside the images
-- see: criu pagemap.c
-- fires: checkpoint(missing_parent='../0') vma(pid=7, start=0x1000, end=0x2000, pages_parent=1)
-- quiet: checkpoint(parent='../0') vma(pid=7, start=0x1000, end=0x2000, pages_parent=1)
-- quiet: checkpoint(missing_parent='../0') vma(pid=7, start=0x1000, end=0x2000, pages_parent=0)
SELECT printf('0x%x', v.start) AS subject, v.pid AS pid, NULL AS fd, v.src_image, v.src_entry, v.src_offset,
       c.missing_parent, v.pages_parent
FROM checkpoint AS c CROSS JOIN vma AS v
WHERE c.missing_parent IS NOT NULL AND v.pages_parent > 0
