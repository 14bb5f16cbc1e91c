-- id: img-magic
-- severity: blocker
-- category: integrity
-- scope: image log
-- profiles: forensic=warning
-- title: an image that is not what its name says
-- message: {subject} does not begin as its kind does
-- why: The file was damaged or renamed.
-- fix: copy the checkpoint again
-- see: criu image.c
-- fires: member(name='mm-7.img', kind='MM', state='bad magic')
-- quiet: member(name='mm-7.img', kind='MM', state='ok')
SELECT name AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, kind, size
FROM member
WHERE state = 'bad magic'
