-- id: namespace-of-host
-- severity: note
-- category: forensics
-- scope: image
-- profiles: forensic=warning
-- title: a namespace of the host
-- message: {n|process shares|processes share} the {type} namespace of the host
-- group: type
-- why: A container has a pid, network and IPC namespace of its own unless it was asked to share.
-- fix: run it without --pid=host, --network=host, --ipc=host
-- attack: T1611
-- fires: checkpoint(producer='podman') namespace(type='pid', id=1, is_host=1) process(pid=7, comm='x', pid_ns=1)
-- quiet: checkpoint(producer='podman') namespace(type='pid', id=9, is_host=0) process(pid=7, comm='x', pid_ns=9)
-- quiet: checkpoint(producer='criu') namespace(type='pid', id=1, is_host=1) process(pid=7, comm='x', pid_ns=1)
-- quiet: checkpoint(producer='podman') namespace(type='time', id=5, is_host=1) process(pid=7, comm='x', time_ns=5)
SELECT p.comm AS subject, NULL AS pid, NULL AS fd, n.src_image, n.src_entry, n.src_offset, n.type, n.id
FROM checkpoint AS c CROSS JOIN namespace AS n
  JOIN process AS p ON n.id = CASE n.type WHEN 'pid' THEN p.pid_ns WHEN 'net' THEN p.net_ns WHEN 'ipc' THEN p.ipc_ns WHEN 'mnt' THEN p.mnt_ns END
WHERE c.producer NOT IN ('criu', 'lxc') AND n.is_host = 1 AND n.type IN ('pid', 'net', 'ipc', 'mnt')
