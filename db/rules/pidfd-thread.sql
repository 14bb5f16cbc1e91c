-- id: pidfd-thread
-- severity: blocker
-- category: file
-- scope: live log
-- title: a pidfd of a thread
-- message: {subject} is of a thread
-- why: CRIU does not dump pidfds that were opened with PIDFD_THREAD.
-- fix: close it before the dump
-- see: criu pidfd.c
-- fires: file(id=3, pid=7, fds=1, type='pidfd', detail='pid 8', flags=0x82)
-- quiet: file(id=3, pid=7, fds=1, type='pidfd', detail='pid 7', flags=0x2)
SELECT 'a pidfd of ' || coalesce(detail, 'nobody') AS subject, pid, NULL AS fd, src_image, src_entry, src_offset,
       printf('0x%x', flags) AS flags
FROM file
WHERE type = 'pidfd' AND flags & 0x80
