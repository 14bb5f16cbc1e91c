-- id: mem-file-shared
-- severity: note
-- category: memory
-- scope: image live
-- profiles: other-host=warning other-pod=warning forensic=off
-- group: path
-- title: files mapped shared and writable
-- message: {path} is mapped by {n|mapping|mappings} that write to it
-- why: What was written is in the file, not in the checkpoint.
-- fix: take a copy of the file with the checkpoint
-- see: criu proc_parse.c
-- fires: vma(pid=9, start=0x1000, end=0x2000, kind='file', prot='rw-s', path='/data/db')
-- quiet: vma(pid=9, start=0x1000, end=0x2000, kind='file', prot='rw-p', path='/data/db')
-- quiet: vma(pid=9, start=0x1000, end=0x2000, kind='file', prot='rw-s')
-- quiet: vma(pid=9, start=0x1000, end=0x2000, kind='memfd', prot='rw-s', path='/memfd:x')
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, path, size
FROM vma
WHERE kind = 'file' AND prot LIKE '_w_s' AND path IS NOT NULL
