-- id: anon-perf-event
-- severity: blocker
-- category: file
-- scope: live log
-- title: perf events
-- message: {subject}: a task measures with perf
-- why: CRIU cannot dump counters.
-- fix: stop the profiler before the dump
-- see: criu files-ext.c
-- fires: file(id=3, pid=7, fds=1, path='anon_inode:[perf_event]')
-- quiet: file(id=3, pid=7, fds=1, path='anon_inode:[eventfd]')
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset
FROM file
WHERE path = 'anon_inode:[perf_event]'
