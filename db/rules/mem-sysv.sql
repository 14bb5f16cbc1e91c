-- id: mem-sysv
-- severity: note
-- category: memory
-- scope: image live
-- profiles: plain-criu=warning forensic=off
-- group: pid
-- title: System V shared memory
-- message: {n|attached segment|attached segments}: {list}
-- why: A segment is restored with its id in an IPC namespace of its own; in a shared one the id may be taken.
-- fix: run the container with a private IPC namespace
-- see: criu ipc_ns.c
-- fires: vma(pid=9, start=0x1000, end=0x2000, kind='sysv', path='/SYSV00000000')
-- quiet: vma(pid=9, start=0x1000, end=0x2000, kind='shmem')
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, size, shmid
FROM vma
WHERE kind = 'sysv'
