-- id: fd-exceeds-limit
-- severity: warning
-- category: file
-- scope: image live
-- profiles: forensic=off
-- group: pid
-- title: descriptors beyond the limit on open files
-- message: descriptor {fd} is beyond the limit of {soft} (RLIMIT_NOFILE)
-- why: The limit was lowered after the file had been opened. CRIU raises it for the restore, up to fs.nr_open of the host.
-- fix: raise fs.nr_open on the host that restores
-- see: criu files.c
-- fires: rlimit(pid=7, name='nofile', soft=10) fd(pid=7, fd=12, type='reg')
-- quiet: rlimit(pid=7, name='nofile', soft=1024) fd(pid=7, fd=12, type='reg')
SELECT 'fd ' || f.fd AS subject, f.pid AS pid, f.fd AS fd, f.src_image, f.src_entry, f.src_offset, r.soft
FROM rlimit AS r JOIN fd AS f ON f.pid = r.pid
WHERE r.name = 'nofile' AND f.fd >= r.soft
