-- id: k8s-locks-lost
-- severity: warning
-- category: kubernetes
-- scope: image
-- profiles: other-host=error other-pod=error forensic=off
-- over: file-lock
-- group: pid
-- title: locks that CRI-O does not restore
-- message: {n|lock|locks} of process {pid} will be gone: {list}
-- why: CRI-O always dumps locks, and does not ask for them when it restores. Nothing says so, and two programs may then
--   write at once.
-- fix: put file-locks into /etc/criu/runc.conf (or crun.conf) on the node that restores
-- see: criu file-lock.c
-- fires: checkpoint(producer='cri-o') lock(pid=7, fd=3, kind='flock', mode='exclusive', path='/tmp/x')
-- quiet: checkpoint(producer='podman') lock(pid=7, fd=3, kind='flock', mode='exclusive', path='/tmp/x')
SELECT coalesce(l.path, 'fd ' || l.fd) AS subject, l.pid AS pid, l.fd AS fd, l.src_image, l.src_entry, l.src_offset,
       l.kind, l.mode
FROM checkpoint AS c CROSS JOIN lock AS l
WHERE c.producer = 'cri-o' AND l.kind <> 'lease'
