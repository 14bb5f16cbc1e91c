-- id: k8s-containerd-no-restore
-- severity: warning
-- category: kubernetes
-- scope: image
-- profiles: other-pod=error forensic=off same-host=note
-- title: containerd's CRI may not restore this
-- message: an archive of containerd
-- why: Since 2.2.7, 2.3.4 and 2.4 containerd does not restore such archives by CreateContainer, unless enable_criu is set.
-- fix: restore with CRI-O, or set enable_criu where this containerd has it
-- fires: checkpoint(producer='containerd')
-- quiet: checkpoint(producer='cri-o')
SELECT coalesce(container, 'container') AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, producer
FROM checkpoint
WHERE producer = 'containerd'
