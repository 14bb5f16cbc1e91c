-- id: host-file-size
-- severity: error
-- category: host
-- scope: host
-- title: a file of another size
-- message: {subject} had {image} bytes, and has {host} beneath --root
-- why: CRIU compares the size of a file with the one that it had, and gives up where they differ.
-- fix: bring the file back as it was when the container was dumped
-- see: criu files-reg.c
-- fires: file(id=3, type='reg', path='/data/x', size=7) host(name='file', value='/data/x', number=8, source='--root')
-- quiet: file(id=3, type='reg', path='/data/x', size=7) host(name='file', value='/data/x', number=7, source='--root')
-- quiet: file(id=3, type='reg', path='/data/x') host(name='file', value='/data/x', number=7, source='--root')
SELECT h.value AS subject, NULL AS pid, NULL AS fd, f.src_image, min(f.src_entry) AS src_entry,
       min(f.src_offset) AS src_offset, f.size AS image, h.number AS host
FROM host AS h JOIN file AS f ON f.path = h.value AND f.type = 'reg'
WHERE h.name = 'file' AND h.number <> f.size
GROUP BY h.value, f.size
