-- Data on its way: bytes in sockets and pipes that nobody has read yet
SELECT s.checkpoint, 'socket' AS kind, s.pid, p.comm, s.local AS what, s.inq_bytes AS bytes_in,
       s.outq_bytes AS bytes_out
FROM every.socket AS s
LEFT JOIN every.process AS p ON p.checkpoint = s.checkpoint AND p.pid = s.pid
WHERE s.inq_bytes > 0 OR s.outq_bytes > 0
UNION ALL
SELECT i.checkpoint, i.kind, i.pid, p.comm, i.path, i.bytes, NULL
FROM every.pipe AS i
LEFT JOIN every.process AS p ON p.checkpoint = i.checkpoint AND p.pid = i.pid
WHERE i.bytes > 0
ORDER BY 1, 2, 3, 5
