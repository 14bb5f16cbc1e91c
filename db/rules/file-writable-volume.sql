-- id: file-writable-volume
-- severity: note
-- category: file
-- scope: image
-- profiles: other-host=warning other-pod=warning forensic=off
-- group: mountpoint
-- over: file-outside-rootfs
-- title: files that are being written on mounts from outside
-- message: {n|file|files} open for writing on {mountpoint}: {list}
-- why: The size that they had is recorded and compared. If the container went on running after the dump, they have
--   grown, and the restore says that the file has a bad size.
-- fix: take a snapshot of the volume at the moment of the dump
-- see: criu files-reg.c
-- fires: mount(mnt_id=5, mountpoint='/vol', ext_key='/vol') file(id=3, pid=7, fds=1, type='reg', path='/vol/a', mnt_id=5, mode=0x81a4, size=10, flags=2)
-- quiet: mount(mnt_id=5, mountpoint='/vol', ext_key='/vol') file(id=3, pid=7, fds=1, type='reg', path='/vol/a', mnt_id=5, mode=0x81a4, size=10, flags=0)
-- quiet: mount(mnt_id=5, mountpoint='/vol', ext_key='/vol') file(id=3, pid=7, fds=1, type='reg', path='/vol/a', mnt_id=5, mode=0x81a4, flags=0x401)
-- quiet: mount(mnt_id=5, mountpoint='/vol') file(id=3, pid=7, fds=1, type='reg', path='/vol/a', mnt_id=5, mode=0x81a4, size=10, flags=2)
SELECT f.path AS subject, f.pid AS pid, NULL AS fd, f.src_image, f.src_entry, f.src_offset, m.mountpoint, f.size
FROM file AS f JOIN mount AS m ON m.mnt_id = f.mnt_id
WHERE f.type = 'reg' AND f.mode & 0xf000 = 0x8000 AND m.ext_key <> '' AND f.size IS NOT NULL AND f.fds > 0
  AND (f.flags & 3 = 2 OR f.flags & 0x403 = 1)
