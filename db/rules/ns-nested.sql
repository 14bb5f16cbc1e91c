-- id: ns-nested
-- severity: blocker
-- category: namespace
-- scope: live log
-- title: a namespace within the container
-- message: process {pid} has {type} namespace {id}, which is not the root task's
-- why: Below the root task only mount and network namespaces may differ. Browsers' sandboxes and containers in
--   containers make others.
-- fix: run without the sandbox (--no-sandbox), or checkpoint the inner container by itself
-- see: criu namespaces.c
-- fires: process(pid=1, ppid=0, pid_ns=9, ipc_ns=11, uts_ns=12, user_ns=7) process(pid=5, ppid=1, pid_ns=20, ipc_ns=11, uts_ns=12, user_ns=7)
-- quiet: process(pid=1, ppid=0, pid_ns=9, ipc_ns=11, uts_ns=12, user_ns=7, net_ns=1) process(pid=5, ppid=1, pid_ns=9, ipc_ns=11, uts_ns=12, user_ns=7, net_ns=2)
SELECT 'process ' || p.pid AS subject, p.pid AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset,
       CASE WHEN p.pid_ns <> r.pid_ns THEN 'pid' WHEN p.ipc_ns <> r.ipc_ns THEN 'ipc' WHEN p.uts_ns <> r.uts_ns THEN 'uts' ELSE 'user' END AS type,
       CASE WHEN p.pid_ns <> r.pid_ns THEN p.pid_ns WHEN p.ipc_ns <> r.ipc_ns THEN p.ipc_ns WHEN p.uts_ns <> r.uts_ns THEN p.uts_ns ELSE p.user_ns END AS id
FROM process AS r CROSS JOIN process AS p
WHERE r.ppid = 0 AND p.ppid <> 0
  AND (p.pid_ns <> r.pid_ns OR p.ipc_ns <> r.ipc_ns OR p.uts_ns <> r.uts_ns OR p.user_ns <> r.user_ns)
