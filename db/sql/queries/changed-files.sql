-- What the container changed in its file system, the largest first
SELECT r.checkpoint, r.change, r.source, r.type, r.size, r.mtime, r.path
FROM every.rootfs AS r
ORDER BY r.size DESC, r.checkpoint, r.path
