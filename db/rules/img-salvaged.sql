-- id: img-salvaged
-- severity: warning
-- category: integrity
-- scope: image
-- title: members found behind damage
-- message: {subject} was found behind a damaged header of the archive
-- why: What stood between them is lost, and an ordinary tar program sees none of them.
-- fix: copy the archive again
-- fires: member(name='mm-7.img', kind='MM', state='salvaged')
-- quiet: member(name='mm-7.img', kind='MM', state='ok')
SELECT name AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, size
FROM member
WHERE state = 'salvaged'
