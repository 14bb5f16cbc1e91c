-- id: eng-volume-exists
-- severity: note
-- category: engine
-- scope: image
-- profiles: forensic=off
-- group: volume
-- title: volumes that podman brings along
-- message: {n|file|files} of volumes are in the archive
-- why: Where a volume of the same name exists, podman refuses to restore.
-- fix: podman container restore --ignore-volumes, or remove the volume first
-- fires: checkpoint(producer='podman') rootfs(source='volume', path='/vol/x', change='added', type='file')
-- quiet: checkpoint(producer='podman') rootfs(source='rootfs-diff', path='/vol/x', change='added', type='file')
SELECT r.path AS subject, NULL AS pid, NULL AS fd, r.src_image, r.src_entry, r.src_offset, r.source AS volume
FROM checkpoint AS c CROSS JOIN rootfs AS r
WHERE c.producer = 'podman' AND r.source = 'volume'
