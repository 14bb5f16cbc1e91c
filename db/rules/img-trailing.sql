-- id: img-trailing
-- severity: warning
-- category: integrity
-- scope: image
-- over all: archive-trailing
-- title: something behind the end of the archive
-- message: {subject} stands behind the end of the archive
-- why: An engine that writes over a longer file leaves the rest of an older one there; things can be hidden there, too.
-- fix: nothing to do; it is not used
-- fires: member(name='checkpoint/mm-7.img', kind='MM', state='trailing')
-- quiet: member(name='checkpoint/mm-7.img', kind='MM', state='ok')
SELECT name AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, size, kind
FROM member
WHERE state = 'trailing'
