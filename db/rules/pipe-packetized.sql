-- id: pipe-packetized
-- severity: error
-- category: file
-- scope: live log
-- title: a pipe in packet mode
-- message: {subject} is open with O_DIRECT and {holds}
-- why: CRIU does not keep where one packet ends.
-- fix: let the pipe run empty, or try again
-- see: criu pipes.c
-- fires: file(id=3, pid=7, fds=1, type='pipe', path='pipe:[5]', flags=0x4001, inode=5) pipe(id=5, kind='pipe', bytes=3)
-- fires: file(id=3, pid=7, fds=1, type='pipe', path='pipe:[5]', flags=0x4001, inode=5) pipe(id=5, kind='pipe')
-- quiet: file(id=3, pid=7, fds=1, type='pipe', path='pipe:[5]', flags=0x4001, inode=5) pipe(id=5, kind='pipe', bytes=0)
-- quiet: file(id=3, pid=7, fds=1, type='pipe', path='pipe:[5]', flags=0x1, inode=5) pipe(id=5, kind='pipe', bytes=3)
SELECT f.path AS subject, f.pid AS pid, NULL AS fd, f.src_image, f.src_entry, f.src_offset, p.bytes,
       iif(p.bytes IS NULL, 'may hold data', 'holds data') AS holds, iif(p.bytes IS NULL, 'warning', 'error') AS severity
FROM file AS f JOIN pipe AS p ON p.id = f.inode
WHERE f.type = 'pipe' AND f.flags & 0x4000 AND (p.bytes > 0 OR p.bytes IS NULL)
