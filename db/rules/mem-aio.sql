-- id: mem-aio
-- severity: note
-- category: memory
-- scope: image live
-- profiles: forensic=off
-- group: pid
-- title: asynchronous I/O
-- message: {n|AIO ring|AIO rings}: {list}
-- why: A ring is set up anew and moved to its place; fs.aio-max-nr limits how many events all of them may have.
-- fix: raise fs.aio-max-nr on the host that restores
-- see: criu aio.c
-- fires: vma(pid=9, start=0x1000, end=0x2000, kind='aio')
-- quiet: vma(pid=9, start=0x1000, end=0x2000, kind='anon')
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, size
FROM vma
WHERE kind = 'aio'
