-- id: nsfile
-- severity: note
-- category: namespace
-- scope: image live
-- group: all
-- title: open namespaces
-- message: {n|namespace|namespaces} held open: {list}
-- why: The namespace must be one that the checkpoint knows. A descriptor keeps it alive and lets its owner enter it.
-- fix: nothing to do
-- see: criu namespaces.c
-- fires: file(id=3, pid=7, fds=1, type='ns', path='net:[5]')
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/etc/hosts')
SELECT coalesce(path, 'namespace ' || id) AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset
FROM file
WHERE type = 'ns'
