-- id: device-node-added
-- severity: warning
-- category: forensics
-- scope: image
-- profiles: forensic=error
-- title: a device node was made
-- message: {subject} is a device
-- why: A node made in the root file system opens the host's device where the device cgroup lets it.
-- fix: find out who made it (mknod takes CAP_MKNOD)
-- attack: T1611
-- fires: rootfs(change='added', type='blockdev', path='/sda', source='rootfs-diff')
-- quiet: rootfs(change='added', type='file', path='/sda', source='rootfs-diff')
SELECT path AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, type, printf('0%o', mode) AS mode
FROM rootfs
WHERE change <> 'deleted' AND type IN ('blockdev', 'chardev') AND source IN ('rootfs-diff', 'layer', 'volume')
  AND NOT (type = 'chardev' AND path GLOB '/dev/*')
