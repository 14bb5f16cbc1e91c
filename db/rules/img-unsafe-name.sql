-- id: img-unsafe-name
-- severity: warning
-- category: integrity
-- scope: image
-- profiles: forensic=error
-- title: a name that leads out of the archive
-- message: {subject} would be written elsewhere by whoever unpacks it
-- why: Archives of engines have no such names. It is not opened here; another program may follow it.
-- fix: do not unpack this archive
-- attack: T1036
-- fires: member(name='../../etc/passwd', kind='file', state='unsafe')
-- quiet: member(name='etc/passwd', kind='file', state='ok')
SELECT name AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, link, kind
FROM member
WHERE state = 'unsafe'
