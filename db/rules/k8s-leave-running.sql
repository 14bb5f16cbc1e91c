-- id: k8s-leave-running
-- severity: note
-- category: kubernetes
-- scope: image
-- title: the original went on running
-- message: a checkpoint of a container that was not stopped
-- why: The kubelet takes it for forensic use. A restored copy runs beside the original, or continues a past that the
--   original has left behind.
-- fix: nothing to do for an analysis; for a migration stop the original first
-- fires: checkpoint(producer='cri-o', pod='p')
-- quiet: checkpoint(producer='podman')
SELECT coalesce(container, 'container') AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, producer, pod, namespace
FROM checkpoint
WHERE producer IN ('cri-o', 'containerd')
