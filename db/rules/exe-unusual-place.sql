-- id: exe-unusual-place
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: forensic=error
-- title: a task runs from a place where programs do not belong
-- message: process {pid} ({comm}) runs {exe}
-- why: Directories that everybody may write to are where downloaded tools end up.
-- fix: look at the file: "coldcase rootfs" and "coldcase carve" of a checkpoint, /proc/PID/exe of a running process
-- attack: T1036.005
-- fires: process(pid=7, comm='x', exe='/tmp/.x/miner')
-- fires: process(pid=7, comm='x', exe='/dev/shm/a')
-- quiet: process(pid=7, comm='x', exe='/usr/bin/x')
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, comm, exe
FROM process
WHERE exe GLOB '/tmp/*' OR exe GLOB '/var/tmp/*' OR exe GLOB '/dev/shm/*' OR exe GLOB '/run/user/*'
   OR exe GLOB '/proc/*' OR exe GLOB '*/.*/*'
