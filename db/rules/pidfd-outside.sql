-- id: pidfd-outside
-- severity: error
-- category: file
-- scope: live log
-- title: a pidfd of a process outside
-- message: {subject} is not among the tasks
-- why: The process that it stands for is not in the dump.
-- fix: dump a tree that has this process in it, or close the pidfd
-- see: criu pidfd.c
-- fires: file(id=3, pid=7, fds=1, type='pidfd', detail='pid 99') process(pid=7, ppid=0)
-- quiet: file(id=3, pid=7, fds=1, type='pidfd', detail='pid 7') process(pid=7, ppid=0)
-- quiet: file(id=3, pid=7, fds=1, type='pidfd', detail='pid -1') process(pid=7, ppid=0)
SELECT 'the ' || detail || ' of a pidfd' AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, detail
FROM file
WHERE type = 'pidfd' AND detail LIKE 'pid %' AND CAST(substr(detail, 5) AS INTEGER) > 0
  AND CAST(substr(detail, 5) AS INTEGER) NOT IN (SELECT pid FROM process)
