-- id: inotify-no-path
-- severity: warning
-- category: file
-- scope: image live
-- profiles: other-host=error other-pod=error forensic=off
-- group: file_id
-- title: inotify watches that are known by inode only
-- message: {n|watch|watches} of {kind} file {file_id} have no path: {list}
-- why: At restore the file is opened by its handle, which works on the same file system only.
-- fix: dump with --force-irmap, and --irmap-scan-path for directories that it does not look into by itself
-- see: criu fsnotify.c
-- fires: inotify(file_id=9, pid=7, kind='inotify', target='inode', wd=1, inode=5)
-- quiet: inotify(file_id=9, pid=7, kind='inotify', target='inode', wd=1, inode=5, path='/etc')
SELECT 'inode ' || inode AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, file_id, kind, device
FROM inotify
WHERE kind = 'inotify' AND path IS NULL
