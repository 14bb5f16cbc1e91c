-- id: ghost-too-big
-- severity: error
-- category: file
-- scope: live log
-- title: a large file that was removed and is still open
-- message: {subject} has {size} bytes and no name
-- why: CRIU copies files without a name into the images, by default up to 1 MiB each.
-- fix: dump with --ghost-limit 100M, or what it takes
-- fix runc: put ghost-limit 100M into /etc/criu/runc.conf
-- fix crun: put ghost-limit 100M into /etc/criu/crun.conf
-- fix podman: put ghost-limit 100M into /etc/criu/runc.conf or crun.conf
-- fix cri-o: put ghost-limit 100M into /etc/criu/runc.conf or crun.conf
-- fix containerd: put ghost-limit 100M into /etc/criu/runc.conf
-- see: criu files-reg.c
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/tmp/x', deleted=1, size=3145728, mode=0x81a4)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/tmp/x', deleted=1, size=3145, mode=0x81a4)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/tmp/x', deleted=1, remap='ghost', size=3145728, held_bytes=4096, mode=0x81a4)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/tmp/x', deleted=1, remap='linked', size=3145728, mode=0x81a4)
-- quiet: file(id=3, pid=7, fds=1, type='memfd', path='/memfd:x', deleted=1, size=3145728)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, coalesce(held_bytes, size) AS size
FROM file
WHERE type = 'reg' AND deleted = 1 AND remap IS NOT 'linked' AND coalesce(held_bytes, size) > 1048576 AND mode & 0xf000 = 0x8000
