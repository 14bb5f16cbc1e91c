-- id: k8s-hostpath
-- severity: note
-- category: kubernetes
-- scope: image
-- profiles: other-host=warning other-pod=warning forensic=warning
-- group: ns_id
-- title: directories of the node
-- message: {n|mount leads|mounts lead} to directories of the node itself: {list}
-- why: What is in them is not in the checkpoint; and who can write there can change the node.
-- fix: see that the new node has the same directories
-- attack: T1611
-- fires: checkpoint(producer='cri-o') mount(ns_id=13, mnt_id=5, mountpoint='/host', root='/var/log', ext_key='/host', fstype='unsupported')
-- quiet: checkpoint(producer='cri-o') mount(ns_id=13, mnt_id=5, mountpoint='/data', root='/var/lib/kubelet/pods/x/volumes/y', ext_key='/data', fstype='unsupported')
-- quiet: checkpoint(producer='podman') mount(ns_id=13, mnt_id=5, mountpoint='/host', root='/var/log', ext_key='/host', fstype='unsupported')
SELECT m.mountpoint AS subject, NULL AS pid, NULL AS fd, m.src_image, m.src_entry, m.src_offset, m.ns_id, m.root, m.source
FROM checkpoint AS c CROSS JOIN mount AS m
WHERE c.producer IN ('cri-o', 'containerd') AND m.ext_key LIKE '/%' AND m.fstype NOT IN ('tmpfs', 'mqueue', 'devpts', 'proc', 'sysfs', 'cgroup', 'cgroup2')
  AND m.root NOT LIKE '%/kubelet/%' AND m.root NOT LIKE '%/containers/%' AND m.root NOT LIKE '%/containerd/%'
  AND m.root NOT LIKE '%/sandboxes/%' AND m.root NOT LIKE '%/crio/%'
  AND m.mountpoint NOT IN ('/', '/etc/hosts', '/etc/hostname', '/etc/resolv.conf', '/dev/shm')
