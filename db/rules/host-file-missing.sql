-- id: host-file-missing
-- severity: error
-- category: host
-- scope: host
-- group: all
-- title: files that are not there
-- message: {n|file is|files are} not beneath --root: {list}
-- why: Files are opened again by their paths; the images hold no content of those that had a name.
-- fix: bring the files into the root file system of the restore; "coldcase files" lists all
-- see: criu files-reg.c
-- fires: file(id=3, type='reg', path='/data/x', size=7) host(name='file', value='/data/x', source='--root')
-- quiet: file(id=3, type='reg', path='/data/x', size=7) host(name='file', value='/data/x', number=8, source='--root')
SELECT h.value AS subject, NULL AS pid, NULL AS fd, min(f.src_image) AS src_image, min(f.src_entry) AS src_entry,
       min(f.src_offset) AS src_offset, f.size
FROM host AS h JOIN file AS f ON f.path = h.value
WHERE h.name = 'file' AND h.number IS NULL
GROUP BY h.value
