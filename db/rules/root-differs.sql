-- id: root-differs
-- severity: error
-- category: mount
-- scope: live log
-- title: the root task has changed its root
-- message: process {pid} has {subject} as its root
-- why: CRIU takes the root of the mount namespace for that of the first task.
-- fix: do not chroot in process 1; use pivot_root
-- see: criu mount.c
-- fires: process(pid=50, ppid=0, root='/jail', mnt_ns=1) namespace(type='mnt', id=1, is_host=0)
-- quiet: process(pid=50, ppid=0, root='/', mnt_ns=1) namespace(type='mnt', id=1, is_host=0)
-- quiet: process(pid=51, ppid=50, root='/jail', mnt_ns=1) namespace(type='mnt', id=1, is_host=0)
SELECT p.root AS subject, p.pid AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset
FROM process AS p JOIN namespace AS n ON n.type = 'mnt' AND n.id = p.mnt_ns
WHERE p.ppid = 0 AND p.root <> '/' AND n.is_host = 0
