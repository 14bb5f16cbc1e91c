-- id: pidns-no-init
-- severity: error
-- category: namespace
-- scope: live log
-- assume: external
-- title: a pid namespace without its process 1
-- message: process {pid} is number {inner_pid} in its pid namespace
-- why: The pod shares one pid namespace, and its init is another container's.
-- fix: use a runtime that declares the pid namespace external, with CRIU 3.15 or later
-- see: https://github.com/checkpoint-restore/criu/pull/1056
-- fires: process(pid=70, ppid=0, comm='x', pid_ns=9, inner_pid=12) namespace(type='pid', id=9, is_host=0)
-- quiet: process(pid=70, ppid=0, comm='x', pid_ns=9, inner_pid=1) namespace(type='pid', id=9, is_host=0)
-- quiet: process(pid=70, ppid=0, comm='x', pid_ns=1, inner_pid=70) namespace(type='pid', id=1, is_host=1)
SELECT p.comm AS subject, p.pid AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset, p.inner_pid
FROM process AS p JOIN namespace AS n ON n.type = 'pid' AND n.id = p.pid_ns
WHERE p.ppid = 0 AND p.inner_pid <> 1 AND n.is_host = 0
