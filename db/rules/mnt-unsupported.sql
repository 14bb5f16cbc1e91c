-- id: mnt-unsupported
-- severity: blocker
-- category: mount
-- scope: image
-- profiles: forensic=off
-- title: a file system that CRIU cannot mount
-- message: {subject} ({source}) is of a kind that CRIU does not know, and is not external
-- why: Nothing says how to bring it back.
-- fix: mount it from the host and declare it external: --external 'mnt[PATH]:KEY'
-- see: criu mount.c
-- fires: mount(mnt_id=5, parent_id=1, mountpoint='/vol', fstype='unsupported', root='/', source='/dev/vdb') mount(mnt_id=1, parent_id=0, mountpoint='/')
-- quiet: mount(mnt_id=5, parent_id=1, mountpoint='/vol', fstype='unsupported', root='/', source='/dev/vdb', ext_key='/vol') mount(mnt_id=1, parent_id=0, mountpoint='/')
-- quiet: mount(mnt_id=5, parent_id=1, mountpoint='/', fstype='unsupported', root='/', source='/dev/vdb')
-- quiet: mount(mnt_id=5, parent_id=1, mountpoint='/etc/hosts', fstype='unsupported', root='/x/hosts', source='/dev/vdb')
SELECT mountpoint AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, source, options
FROM mount
WHERE fstype = 'unsupported' AND root = '/' AND coalesce(ext_key, '') = '' AND mountpoint <> '/'
