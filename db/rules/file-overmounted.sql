-- id: file-overmounted
-- severity: error
-- category: file
-- scope: live log
-- title: an open file beneath a later mount
-- message: {subject} is beneath the mount on {mountpoint}
-- why: Its path leads to another file now.
-- fix: unmount what hides it before the dump
-- see: criu files-reg.c
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/a/x', mnt_id=5) mount(ns_id=1, mnt_id=5, parent_id=4, mountpoint='/a') mount(ns_id=1, mnt_id=6, parent_id=5, mountpoint='/a')
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/a/x', mnt_id=4) mount(ns_id=1, mnt_id=4, parent_id=1, mountpoint='/') mount(ns_id=1, mnt_id=5, parent_id=4, mountpoint='/a')
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/a/b/x', mnt_id=5) mount(ns_id=1, mnt_id=5, parent_id=4, mountpoint='/a/b') mount(ns_id=1, mnt_id=6, parent_id=4, mountpoint='/a')
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/a/x', mnt_id=6) mount(ns_id=1, mnt_id=5, parent_id=4, mountpoint='/a') mount(ns_id=1, mnt_id=6, parent_id=5, mountpoint='/a')
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/ab', mnt_id=4) mount(ns_id=1, mnt_id=4, parent_id=1, mountpoint='/') mount(ns_id=1, mnt_id=5, parent_id=4, mountpoint='/a')
SELECT f.path AS subject, f.pid AS pid, NULL AS fd, f.src_image, f.src_entry, f.src_offset, over.mountpoint, f.mnt_id
FROM file AS f JOIN mount AS m ON m.mnt_id = f.mnt_id
     JOIN mount AS over ON over.ns_id = m.ns_id AND over.mnt_id <> m.mnt_id
WHERE f.type IN ('reg', 'fifo') AND f.fds > 0 AND f.deleted IS NOT 1
  AND (over.parent_id = m.mnt_id AND (over.mountpoint = m.mountpoint OR substr(f.path, 1, length(over.mountpoint) + 1) = over.mountpoint || '/')
       OR over.parent_id = m.parent_id AND substr(m.mountpoint, 1, length(over.mountpoint) + 1) = over.mountpoint || '/')
