-- id: anon-other
-- severity: blocker
-- category: file
-- scope: live log
-- over: dev-char-unsupported
-- title: a kernel object that CRIU does not know
-- message: {subject} is open
-- why: It has a descriptor and no file, and CRIU knows a few kinds of these only.
-- fix: close it before the dump
-- see: criu files-ext.c
-- fires: file(id=3, pid=7, fds=1, path='anon_inode:sync_file')
-- quiet: file(id=3, pid=7, fds=1, path='anon_inode:[eventpoll]')
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset
FROM file
WHERE path LIKE 'anon_inode:%'
  AND path NOT IN ('anon_inode:[eventfd]', 'anon_inode:[eventpoll]', 'anon_inode:inotify', 'anon_inode:[fanotify]',
                   'anon_inode:[signalfd]', 'anon_inode:[timerfd]', 'anon_inode:[pidfd]', 'anon_inode:bpf-map',
                   'anon_inode:[io_uring]', 'anon_inode:[userfaultfd]', 'anon_inode:[perf_event]', 'anon_inode:seccomp notify')
  AND path NOT LIKE 'anon_inode:bpf%' AND path NOT LIKE 'anon_inode:kvm%' AND path NOT LIKE 'anon_inode:btf'
