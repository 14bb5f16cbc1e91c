-- id: seccomp-filter
-- severity: note
-- category: security
-- scope: image live
-- profiles: forensic=off
-- group: all
-- title: seccomp filters
-- message: {n|process is|processes are} filtered by seccomp: {list}
-- why: Linux since 4.3 can suspend a filter while CRIU works in the task.
-- fix: nothing to do on Linux 4.3 or later
-- see: criu seccomp.c
-- fires: process(pid=1, comm='x', seccomp='filter')
-- quiet: process(pid=1, comm='x', seccomp='disabled')
SELECT comm AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, seccomp
FROM process
WHERE seccomp = 'filter'
