-- id: memfd-exec
-- severity: warning
-- category: file
-- scope: image live
-- title: a task runs from a file in memory
-- message: process {pid} ({comm}) runs {exe}
-- why: runc does so with its own binary for a moment; so do programs that want to leave no file behind. A memfd that is
--   open for writing cannot be executed again after a restore.
-- fix: find out what it is: "coldcase carve --what memfd" writes it out of a checkpoint; of a running process copy
--   /proc/PID/exe
-- see: criu memfd.c
-- attack: T1620
-- fires: process(pid=7, comm='x', exe='/memfd:x')
-- quiet: process(pid=7, comm='x', exe='/usr/bin/x')
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, comm, exe
FROM process
WHERE exe LIKE '/memfd:%' OR exe LIKE 'memfd:%'
