-- id: engine-socket
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: forensic=error
-- over: unix-host-daemon
-- title: the socket of a container engine
-- message: {subject} is in reach of the container
-- why: Whoever can talk to the engine can start a container that owns the host.
-- fix: do not mount the engine's socket into containers
-- attack: T1611
-- fires: mount(mnt_id=5, mountpoint='/var/run/docker.sock')
-- fires: socket(id=5, pid=7, family='unix', remote='/run/containerd/containerd.sock')
-- fires: mount(mnt_id=5, mountpoint='/host/run', root='/run/podman/podman.sock')
-- quiet: mount(mnt_id=5, mountpoint='/var/run/app.sock')
-- quiet: socket(id=5, pid=7, family='unix', remote='/tmp/s')
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, what
FROM (SELECT mountpoint AS path, NULL AS pid, src_image, src_entry, src_offset, 'mount' AS what, mountpoint || ' ' || coalesce(root, '') || ' ' || coalesce(source, '') AS looked FROM mount
      UNION ALL
      SELECT coalesce(remote, local), pid, src_image, src_entry, src_offset, 'socket', coalesce(remote, local) FROM socket WHERE family = 'unix')
WHERE looked LIKE '%/docker.sock%' OR looked LIKE '%/containerd.sock%' OR looked LIKE '%/crio.sock%'
   OR looked LIKE '%/podman.sock%' OR looked LIKE '%/dockershim.sock%' OR looked LIKE '%/cri-dockerd.sock%'
