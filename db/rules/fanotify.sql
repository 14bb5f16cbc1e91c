-- id: fanotify
-- severity: note
-- category: file
-- scope: image live
-- profiles: other-host=warning other-pod=warning
-- group: file_id
-- title: fanotify
-- message: {n|mark|marks} of fanotify file {file_id}: {list}
-- why: It takes CAP_SYS_ADMIN to make, and the ids of the mounts must be found again.
-- fix: restore with CAP_SYS_ADMIN, and the same mounts
-- see: criu fsnotify.c
-- fires: inotify(file_id=9, pid=7, kind='fanotify', target='mount', mnt_id=3)
-- quiet: inotify(file_id=9, pid=7, kind='inotify', target='inode', wd=1)
SELECT target || ' ' || coalesce(path, inode, mnt_id, '?') AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, file_id
FROM inotify
WHERE kind = 'fanotify'
