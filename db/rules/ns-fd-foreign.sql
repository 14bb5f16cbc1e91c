-- id: ns-fd-foreign
-- severity: error
-- category: namespace
-- scope: live log
-- title: a namespace outside is open
-- message: {subject} is open, and no task is in it
-- why: A descriptor keeps a namespace that no task of the dump is in.
-- fix: close it before the dump
-- see: criu namespaces.c
-- fires: file(id=3, pid=7, fds=1, type='ns', path='net:[99]', inode=99) namespace(type='net', id=12)
-- quiet: file(id=3, pid=7, fds=1, type='ns', path='net:[12]', inode=12) namespace(type='net', id=12)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset
FROM file
WHERE type = 'ns' AND inode NOT IN (SELECT id FROM namespace)
