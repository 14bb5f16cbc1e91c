-- id: host-filesystem
-- severity: warning
-- category: host
-- scope: host
-- group: fstype
-- title: a file system that the host does not know
-- message: {n|mount|mounts} of {fstype}, which is not in the host's /proc/filesystems: {list}
-- why: CRIU mounts it again. A module may bring it, if it is loaded by then.
-- fix: modprobe {fstype}
-- see: criu filesystems.c
-- fires: mount(mnt_id=3, fstype='btrfs', mountpoint='/x') host(name='filesystem', value='ext4')
-- quiet: mount(mnt_id=3, fstype='ext4', mountpoint='/x') host(name='filesystem', value='ext4')
-- quiet: mount(mnt_id=3, fstype='btrfs', mountpoint='/x', ext_key='/x') host(name='filesystem', value='ext4')
-- quiet: mount(mnt_id=3, fstype='unsupported', mountpoint='/x') host(name='filesystem', value='ext4')
SELECT m.mountpoint AS subject, NULL AS pid, NULL AS fd, m.src_image, m.src_entry, m.src_offset, m.fstype
FROM mount AS m
WHERE m.ext_key IS NULL AND m.fstype NOT IN ('unsupported', 'auto') AND m.external IS NOT 1
  AND EXISTS (SELECT 1 FROM host WHERE name = 'filesystem' AND value IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM host WHERE name = 'filesystem' AND value = m.fstype)
