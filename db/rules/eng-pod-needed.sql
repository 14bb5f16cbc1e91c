-- id: eng-pod-needed
-- severity: note
-- category: engine
-- scope: image
-- profiles: other-host=warning other-pod=error forensic=off
-- title: a container of a podman pod
-- message: the container was in the pod {pod}
-- why: podman restores it into a pod only.
-- fix: podman container restore --pod POD --import FILE
-- fires: checkpoint(producer='podman', pod='p1', container='c')
-- quiet: checkpoint(producer='podman', container='c')
SELECT coalesce(container, 'container') AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, pod
FROM checkpoint
WHERE producer = 'podman' AND pod <> ''
