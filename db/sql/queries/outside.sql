-- Connections whose other end is not in the checkpoint
-- They break when it is restored, unless CRIU is told to keep them (--tcp-established).
SELECT s.checkpoint, d.pid, p.comm, d.fd, s.family, s.proto, s.state, s.local, s.remote,
       s.inq_bytes, s.outq_bytes
FROM every.socket AS s
LEFT JOIN every.fd AS d ON d.checkpoint = s.checkpoint AND d.file_id = s.id
LEFT JOIN every.process AS p ON p.checkpoint = d.checkpoint AND p.pid = d.pid
WHERE s.peer_inside = 0 AND s.remote IS NOT NULL AND NOT s.external
ORDER BY s.checkpoint, s.remote, d.pid
