-- id: mnt-binfmt-dup
-- severity: error
-- category: mount
-- scope: live log
-- title: binfmt_misc twice
-- message: {subject} is one of {count}
-- why: CRIU keeps the entries of one.
-- fix: unmount one of them
-- see: criu filesystems.c
-- fires: mount(ns_id=1, mnt_id=5, mountpoint='/x', fstype='binfmt_misc', device='0:30') mount(ns_id=1, mnt_id=6, mountpoint='/y', fstype='binfmt_misc', device='0:31')
-- quiet: mount(ns_id=1, mnt_id=5, mountpoint='/x', fstype='binfmt_misc', device='0:30') mount(ns_id=1, mnt_id=6, mountpoint='/y', fstype='binfmt_misc', device='0:30')
SELECT min(mountpoint) AS subject, NULL AS pid, NULL AS fd, min(src_image) AS src_image, NULL AS src_entry, NULL AS src_offset,
       count(DISTINCT device) AS count
FROM mount
WHERE fstype = 'binfmt_misc'
GROUP BY ns_id
HAVING count(DISTINCT device) > 1
