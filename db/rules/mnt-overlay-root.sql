-- id: mnt-overlay-root
-- severity: note
-- category: mount
-- scope: image
-- profiles: plain-criu=error forensic=off
-- title: the root is an overlay
-- message: the directories beneath the root file system must be supplied
-- why: The lower directories differ from host to host; an engine puts the root together from its container image.
-- fix: nothing to do with a container engine
-- fix criu: put the root file system together and name it with --root
-- see: criu mount.c
-- fires: mount(mnt_id=5, mountpoint='/', fstype='overlay', options='lowerdir=/a')
-- quiet: mount(mnt_id=5, mountpoint='/x', fstype='overlay', options='lowerdir=/a')
SELECT mountpoint AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset
FROM mount
WHERE fstype = 'overlay' AND mountpoint = '/'
