-- id: mnt-bind-no-root
-- severity: error
-- category: mount
-- scope: live log
-- assume: external
-- title: a bind mount of something that is not inside
-- message: {subject} shows {root} of {source}, whose root is mounted nowhere here
-- why: What it shows lies in a file system whose root no mount here has. Runtimes declare the mounts of their
--   configuration only.
-- fix: declare it: --external 'mnt[PATH]:KEY'
-- see: criu mount.c
-- fires: mount(ns_id=1, mnt_id=5, mountpoint='/x', root='/data', source='/dev/vda', fstype='ext4', device='254:0')
-- quiet: mount(ns_id=1, mnt_id=5, mountpoint='/x', root='/data', fstype='ext4', device='254:0') mount(ns_id=1, mnt_id=6, mountpoint='/y', root='/', fstype='ext4', device='254:0')
-- quiet: mount(ns_id=1, mnt_id=5, mountpoint='/', root='/data', fstype='ext4', device='254:0')
-- quiet: mount(ns_id=1, mnt_id=5, mountpoint='/x', root='/data', fstype='ext4', device='254:0') namespace(type='mnt', id=1, is_host=1)
SELECT m.mountpoint AS subject, NULL AS pid, NULL AS fd, m.src_image, m.src_entry, m.src_offset, m.root, m.source, m.fstype
FROM mount AS m
WHERE m.root <> '/' AND m.mountpoint <> '/' AND coalesce(m.ext_key, '') = ''
  AND m.fstype NOT IN ('cgroup', 'cgroup2', 'nsfs')
  AND NOT EXISTS (SELECT 1 FROM mount AS whole WHERE whole.ns_id = m.ns_id AND whole.device = m.device AND whole.mnt_id <> m.mnt_id
                  AND (whole.root = '/' OR substr(m.root, 1, length(whole.root) + 1) = whole.root || '/'))
  AND NOT EXISTS (SELECT 1 FROM namespace AS n WHERE n.type = 'mnt' AND n.id = m.ns_id AND n.is_host = 1)
