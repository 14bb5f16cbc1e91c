-- id: k8s-hostnetwork
-- severity: warning
-- category: kubernetes
-- scope: image
-- profiles: same-host=note forensic=note
-- title: a pod in the network of its host
-- message: the container shares the network of its host
-- why: Its addresses and ports are those of the node.
-- fix: restore on a node where these ports are free
-- fires: checkpoint(producer='containerd') process(pid=1, ppid=0, net_ns=10) namespace(type='net', id=10, is_host=1)
-- quiet: checkpoint(producer='containerd') process(pid=1, ppid=0, net_ns=10) namespace(type='net', id=10, is_host=0)
-- quiet: checkpoint(producer='criu') process(pid=1, ppid=0, net_ns=10) namespace(type='net', id=10, is_host=1)
SELECT 'network namespace ' || n.id AS subject, NULL AS pid, NULL AS fd, n.src_image, n.src_entry, n.src_offset, c.pod
FROM checkpoint AS c CROSS JOIN process AS p JOIN namespace AS n ON n.type = 'net' AND n.id = p.net_ns
WHERE c.producer IN ('cri-o', 'containerd') AND p.ppid = 0 AND n.is_host = 1
