-- id: pidfd
-- severity: note
-- category: file
-- scope: image live
-- profiles: forensic=off
-- group: all
-- title: pidfds
-- message: {n|pidfd|pidfds}: {list}
-- why: One of a process in the tree is made again; of one that has ended a process is started and ended for it. CRIU does
--   so since 4.1.
-- fix: restore with CRIU 4.1 or later
-- see: criu pidfd.c
-- fires: file(id=3, pid=7, fds=1, type='pidfd', detail='pid 9')
-- quiet: file(id=3, pid=7, fds=1, type='eventfd')
SELECT coalesce(detail, 'pidfd ' || id) AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset
FROM file
WHERE type = 'pidfd'
