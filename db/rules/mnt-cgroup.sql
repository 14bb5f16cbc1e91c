-- id: mnt-cgroup
-- severity: note
-- category: cgroup
-- scope: image
-- profiles: same-host=off forensic=off other-host=warning other-pod=warning
-- group: fstype
-- title: cgroups are mounted
-- message: {n|mount|mounts} of {fstype}: {list}
-- why: The host that restores must have cgroups of the same version.
-- fix: restore on a host with the same version of cgroups, or with --manage-cgroups=ignore
-- see: criu cgroup.c
-- fires: mount(mnt_id=5, mountpoint='/sys/fs/cgroup', fstype='cgroup2')
-- quiet: mount(mnt_id=5, mountpoint='/sys', fstype='sysfs')
SELECT mountpoint AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, fstype, options
FROM mount
WHERE fstype IN ('cgroup', 'cgroup2')
