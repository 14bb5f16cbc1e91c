-- id: exe-deleted
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: forensic=error
-- title: a task runs from an executable that was removed
-- message: process {pid} ({comm}) runs {exe}, which has no name any more
-- why: An upgrade in place does that, and so does a program that hides where it came from.
-- fix: "coldcase carve --what ghost" writes the file of a checkpoint out; of a running process copy /proc/PID/exe
-- attack: T1070.004
-- fires: process(pid=7, comm='x', exe='/tmp/x', exe_deleted=1)
-- quiet: process(pid=7, comm='x', exe='/usr/bin/x', exe_deleted=0)
-- quiet: process(pid=7, comm='x', exe='/memfd:x', exe_deleted=1)
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, comm, exe
FROM process
WHERE exe_deleted = 1 AND exe NOT LIKE '/memfd:%'
