-- id: mem-file-private-clean
-- severity: note
-- category: memory
-- scope: image
-- profiles: same-host=off other-host=warning other-pod=warning forensic=off
-- group: all
-- title: code and data that are read from files
-- message: {n|mapping|mappings} of {files} files, which must be the same where it is restored: {list}
-- why: Pages that nobody has changed are not in the images; programs and libraries are mapped again.
-- fix: restore on the container image of the same digest
-- see: criu files-reg.c
-- fires: vma(pid=7, start=0x1000, end=0x2000, prot='r-xp', kind='file', path='/bin/x')
-- quiet: vma(pid=7, start=0x1000, end=0x2000, prot='rw-p', kind='anon')
SELECT path AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset,
       (SELECT count(DISTINCT path) FROM vma WHERE kind = 'file' AND prot LIKE '___p') AS files
FROM vma
WHERE kind = 'file' AND prot LIKE '___p'
