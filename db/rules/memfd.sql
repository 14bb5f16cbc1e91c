-- id: memfd
-- severity: note
-- category: file
-- scope: image live
-- group: all
-- title: files in memory
-- message: {n|memory file|memory files}: {list}
-- why: They have no place in any file system; their content and seals come back with the checkpoint. Programs share memory
--   with them, and some hide in them.
-- fix: nothing to do; "coldcase carve --what memfd" writes them out of a checkpoint; of a running process copy
--   them from /proc/PID/fd
-- see: criu memfd.c
-- attack: T1620
-- fires: memfd(inode_id=1, name='x', size=5)
-- quiet: memfd(inode_id=2, name='/dev/zero', size=5)
SELECT coalesce(name, 'memfd ' || inode_id) AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, size,
       seal_names
FROM memfd
WHERE name NOT LIKE '/dev/zero%' AND name NOT LIKE '/SYSV%' AND name NOT LIKE '/anon_hugepage%'
