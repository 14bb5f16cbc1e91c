-- id: pipe-size
-- severity: note
-- category: file
-- scope: image live
-- profiles: other-host=warning forensic=off
-- title: a large pipe
-- message: {subject} takes {size} bytes, more than pipe-max-size usually allows
-- why: Pipes above fs.pipe-max-size (1 MiB unless it was raised) take CAP_SYS_RESOURCE to make.
-- fix: raise fs.pipe-max-size on the host that restores
-- see: criu pipes.c
-- fires: pipe(id=100, pid=7, kind='pipe', path='pipe:[100]', size=2097152)
-- quiet: pipe(id=100, pid=7, kind='pipe', path='pipe:[100]', size=65536)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, size
FROM pipe
WHERE size > 1048576
