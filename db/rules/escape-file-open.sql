-- id: escape-file-open
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: forensic=error
-- title: a file that programs are started on the host with
-- message: {subject} is open for writing
-- why: The kernel runs, as root of the host, what is written there.
-- fix: find out who wrote what
-- attack: T1611
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/proc/sys/kernel/core_pattern', flags=0x8001)
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/sys/fs/cgroup/memory/release_agent', flags=2)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/proc/sys/kernel/core_pattern', flags=0x8000)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/tmp/x', flags=2)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, printf('0x%x', flags) AS flags
FROM file
WHERE type = 'reg' AND flags & 3 AND (path LIKE '%/core_pattern' OR path LIKE '%/release_agent' OR path LIKE '%/devices.allow'
      OR path LIKE '/proc/sys/kernel/modprobe' OR path LIKE '/proc/sysrq-trigger' OR path LIKE '/sys/kernel/uevent_helper'
      OR path LIKE '/proc/sys/fs/binfmt_misc/%' OR path LIKE '/proc/sys/kernel/poweroff_cmd')
