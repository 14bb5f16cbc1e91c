-- id: mnt-tmpfs-size
-- severity: note
-- category: mount
-- scope: image
-- profiles: forensic=off
-- title: content of tmpfs mounts
-- message: {subject} holds {size} bytes, packed, of files in memory
-- why: It is unpacked into memory when it is restored, beside the memory of the tasks.
-- fix: see that the host, and the memory limit of the container, have room
-- see: criu filesystems.c
-- fires: member(name='checkpoint/tmpfs-dev-53.tar.gz.img', size=5000000)
-- quiet: member(name='checkpoint/tmpfs-dev-53.tar.gz.img', size=300)
-- quiet: member(name='checkpoint/pages-1.img', size=5000000)
SELECT name AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, size
FROM member
WHERE name LIKE '%tmpfs-dev-%.tar.gz.img' AND size > 1048576
