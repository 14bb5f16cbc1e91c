-- id: task-rlimit
-- severity: warning
-- category: process
-- scope: image live
-- profiles: forensic=off
-- title: a limit above its own maximum
-- message: limit {name} of process {pid}: {soft} is more than {hard}
-- why: The kernel refuses to set that.
-- fix: lower the limit before the dump
-- see: criu cr-restore.c
-- fires: rlimit(pid=9, name='nofile', soft=100, hard=10, soft_unlimited=0, hard_unlimited=0)
-- fires: rlimit(pid=9, name='nofile', hard=10, soft_unlimited=1, hard_unlimited=0)
-- quiet: rlimit(pid=9, name='nofile', soft=10, hard=100, soft_unlimited=0, hard_unlimited=0)
-- quiet: rlimit(pid=9, name='stack', soft=10, soft_unlimited=0, hard_unlimited=1)
SELECT name AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, name,
       coalesce(soft, 'unlimited') AS soft, hard
FROM rlimit
WHERE hard_unlimited = 0 AND (soft_unlimited = 1 OR soft > hard)
