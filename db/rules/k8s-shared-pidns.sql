-- id: k8s-shared-pidns
-- severity: note
-- category: kubernetes
-- scope: image
-- profiles: other-host=warning other-pod=warning forensic=note
-- over: pidns-external
-- title: the pod shares one pid namespace
-- message: {subject} is the pod's: its other containers may have these pids
-- why: The processes want their ids back, and a sidecar that started earlier has one of them.
-- fix: restore on Linux 5.5 or later, into a pod whose other containers start afterwards
-- fires: checkpoint(producer='cri-o') namespace(type='pid', id=9, ext_key='extRootPidNS')
-- quiet: checkpoint(producer='cri-o') namespace(type='pid', id=9)
-- quiet: checkpoint(producer='podman') namespace(type='pid', id=9, ext_key='extRootPidNS')
SELECT 'pid namespace ' || n.id AS subject, NULL AS pid, NULL AS fd, n.src_image, n.src_entry, n.src_offset, n.ext_key
FROM checkpoint AS c CROSS JOIN namespace AS n
WHERE c.producer IN ('cri-o', 'containerd') AND n.type = 'pid' AND n.ext_key <> ''
