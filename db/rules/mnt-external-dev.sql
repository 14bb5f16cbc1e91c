-- id: mnt-external-dev
-- severity: error
-- category: mount
-- scope: image
-- assume: external
-- profiles: forensic=off
-- title: a block device that must be given again
-- message: {subject} is a mount of the block device {source}
-- why: The device must be supplied under the name that it was dumped with.
-- fix: criu restore --external 'dev[NAME]:/dev/DEVICE'
-- see: criu mount.c
-- fires: mount(ns_id=13, mnt_id=5, mountpoint='/vol', source='/dev/vdb', ext_key='CRIU:EXTERNAL_DEV')
-- quiet: mount(ns_id=13, mnt_id=5, mountpoint='/vol', source='/dev/vdb', ext_key='/vol')
SELECT mountpoint AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, source, fstype
FROM mount
WHERE ext_key = 'CRIU:EXTERNAL_DEV'
