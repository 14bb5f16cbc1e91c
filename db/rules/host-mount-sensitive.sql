-- id: host-mount-sensitive
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: forensic=error
-- title: a sensitive directory of the host is mounted
-- message: {subject} shows {source_directory} of the host
-- why: Whoever can write there can change the host; whoever can read there has its secrets.
-- fix: mount what is needed, read-only
-- attack: T1611
-- fires: mount(mnt_id=5, mountpoint='/host', root='/', source='/dev/vda', fstype='unsupported', ext_key='/host', flags=0)
-- fires: mount(mnt_id=5, mountpoint='/x', root='/etc', source='/dev/vda', fstype='unsupported', ext_key='/x', flags=0)
-- quiet: mount(mnt_id=5, mountpoint='/vol', root='/var/lib/docker/volumes/v/_data', source='/dev/vda', fstype='unsupported', ext_key='/vol', flags=0)
-- quiet: mount(mnt_id=5, mountpoint='/', root='/', source='overlay', fstype='overlay', flags=0)
SELECT mountpoint AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, root AS source_directory, source, fstype
FROM mount
WHERE ext_key LIKE '/%' AND mountpoint <> '/' AND fstype NOT IN ('tmpfs', 'proc', 'sysfs', 'mqueue', 'devpts', 'cgroup', 'cgroup2', 'devtmpfs', 'overlay')
  AND source LIKE '/dev/%'
  AND root IN ('/', '/etc', '/root', '/boot', '/home', '/var/lib/kubelet', '/var/lib/docker', '/var/lib/containers', '/usr', '/var/run', '/run', '/var/log')
