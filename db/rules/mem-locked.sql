-- id: mem-locked
-- severity: note
-- category: memory
-- scope: image live
-- profiles: forensic=off
-- group: pid
-- title: locked memory
-- message: {n|locked mapping|locked mappings}: {list}
-- why: It counts against RLIMIT_MEMLOCK, unless the restored task has CAP_IPC_LOCK.
-- fix: nothing to do where the restore runs as root
-- see: criu pie/restorer.c
-- fires: vma(pid=9, start=0x1000, end=0x2000, size=4096, flags=0x2022, kind='anon')
-- quiet: vma(pid=9, start=0x1000, end=0x2000, size=4096, flags=0x22, kind='anon')
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, size
FROM vma
WHERE flags & 0x2000
