-- id: k8s-image-digest
-- severity: note
-- category: kubernetes
-- scope: image
-- profiles: other-host=warning other-pod=warning forensic=off
-- title: a container image named by its tag
-- message: {image} may have moved to other files
-- why: Files are compared by size when they are opened again. An image of the same tag and other files does not pass.
-- fix: restore on the image of the same digest
-- fires: checkpoint(producer='cri-o', image='docker.io/library/redis:7')
-- quiet: checkpoint(producer='cri-o', image='docker.io/library/redis@sha256:00')
-- quiet: checkpoint(producer='podman', image='docker.io/library/redis:7')
SELECT image AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, image, image_id
FROM checkpoint
WHERE producer IN ('cri-o', 'containerd') AND image NOT LIKE '%@sha256:%'
