-- id: k8s-volume-content
-- severity: note
-- category: kubernetes
-- scope: image
-- profiles: other-host=warning other-pod=warning forensic=off
-- group: ns_id
-- title: volumes whose content is not here
-- message: {n|volume|volumes}: {list}
-- why: CRI-O and containerd archive the root file system's changes, and no volume.
-- fix: copy the volumes with the checkpoint
-- fires: checkpoint(producer='cri-o') mount(ns_id=13, mnt_id=5, mountpoint='/data', ext_key='/data', fstype='unsupported')
-- quiet: checkpoint(producer='cri-o') mount(ns_id=13, mnt_id=5, mountpoint='/etc/hosts', ext_key='/etc/hosts', fstype='unsupported')
-- quiet: checkpoint(producer='podman') mount(ns_id=13, mnt_id=5, mountpoint='/data', ext_key='/data', fstype='unsupported')
SELECT m.mountpoint AS subject, NULL AS pid, NULL AS fd, m.src_image, m.src_entry, m.src_offset, m.ns_id, m.source
FROM checkpoint AS c CROSS JOIN mount AS m
WHERE c.producer IN ('cri-o', 'containerd') AND m.ext_key LIKE '/%'
  AND m.mountpoint NOT IN ('/etc/hosts', '/etc/hostname', '/etc/resolv.conf', '/dev/shm', '/dev/termination-log', '/')
  AND m.mountpoint NOT LIKE '/proc%' AND m.mountpoint NOT LIKE '/sys%' AND m.mountpoint NOT LIKE '/dev/%'
  AND m.mountpoint NOT LIKE '%/serviceaccount' AND m.mountpoint NOT LIKE '/run/secrets%'
