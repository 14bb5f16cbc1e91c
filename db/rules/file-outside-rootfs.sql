-- id: file-outside-rootfs
-- severity: note
-- category: file
-- scope: image
-- profiles: other-host=warning other-pod=warning forensic=off
-- group: mountpoint
-- title: files on mounts from outside
-- message: {n|open or mapped file|open or mapped files} on {mountpoint}, which is given at restore: {list}
-- why: They are opened again by path, and must have the size that they had.
-- fix: supply the same volume with the same content
-- see: criu files-reg.c
-- fires: mount(mnt_id=5, mountpoint='/vol', ext_key='/vol') file(id=3, pid=7, type='reg', path='/vol/a', mnt_id=5, mode=0x81a4)
-- quiet: mount(mnt_id=5, mountpoint='/vol') file(id=3, pid=7, type='reg', path='/vol/a', mnt_id=5, mode=0x81a4)
-- quiet: mount(mnt_id=5, mountpoint='/', ext_key='/') file(id=3, pid=7, type='reg', path='/a', mnt_id=6, mode=0x81a4)
SELECT f.path AS subject, f.pid AS pid, NULL AS fd, f.src_image, f.src_entry, f.src_offset, m.mountpoint, m.ext_key
FROM file AS f JOIN mount AS m ON m.mnt_id = f.mnt_id
WHERE f.type = 'reg' AND f.mode & 0xf000 = 0x8000 AND m.ext_key <> ''
