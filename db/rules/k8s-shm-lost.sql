-- id: k8s-shm-lost
-- severity: note
-- category: kubernetes
-- scope: image
-- profiles: other-host=warning other-pod=warning forensic=off
-- group: pid
-- title: files in /dev/shm, which is the pod's
-- message: {n|open or mapped file|open or mapped files} in /dev/shm, whose content is not here: {list}
-- why: CRI-O and containerd share /dev/shm between the containers of a pod and do not archive it.
-- fix: copy the content of /dev/shm into the new pod first
-- fires: checkpoint(producer='cri-o') mount(mnt_id=5, mountpoint='/dev/shm', ext_key='/dev/shm') file(id=3, pid=1, type='reg', path='/dev/shm/x', mode=0x8180)
-- quiet: checkpoint(producer='podman') mount(mnt_id=5, mountpoint='/dev/shm', ext_key='/dev/shm') file(id=3, pid=1, type='reg', path='/dev/shm/x', mode=0x8180)
-- quiet: checkpoint(producer='cri-o') mount(mnt_id=5, mountpoint='/dev/shm', ext_key='/dev/shm') file(id=3, pid=1, type='reg', path='/tmp/x', mode=0x8180)
SELECT f.path AS subject, f.pid AS pid, NULL AS fd, f.src_image, f.src_entry, f.src_offset, f.size
FROM checkpoint AS c CROSS JOIN file AS f
WHERE c.producer IN ('cri-o', 'containerd') AND f.type = 'reg' AND f.path LIKE '/dev/shm/%'
  AND f.mode & 0xf000 = 0x8000 AND EXISTS (SELECT 1 FROM mount WHERE mountpoint = '/dev/shm' AND ext_key <> '')
