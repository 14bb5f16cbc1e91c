-- id: img-truncated
-- severity: blocker
-- category: integrity
-- scope: image log
-- profiles: forensic=warning
-- title: damaged images
-- message: {subject} is {state}
-- why: An entry does not fit into the file, or is no message that can be read.
-- fix: copy the checkpoint again, and compare with "coldcase manifest --check"
-- see: criu image.c
-- fires: member(name='mm-7.img', kind='MM', state='truncated', size=30)
-- quiet: member(name='mm-7.img', kind='MM', state='ok', size=30)
SELECT name AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, state, kind, size
FROM member
WHERE state IN ('truncated', 'damaged', 'unreadable')
