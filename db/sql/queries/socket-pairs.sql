-- Sockets both ends of which are in the checkpoint: who talks to whom in it
SELECT s.checkpoint, s.pid, p.comm, s.family, s.proto, s.local,
       t.pid AS peer_pid, q.comm AS peer_comm, t.local AS peer_local,
       s.inq_bytes, t.inq_bytes AS peer_inq_bytes
FROM every.socket AS s
JOIN every.socket AS t ON t.checkpoint = s.checkpoint AND t.id = s.peer_id
LEFT JOIN every.process AS p ON p.checkpoint = s.checkpoint AND p.pid = s.pid
LEFT JOIN every.process AS q ON q.checkpoint = t.checkpoint AND q.pid = t.pid
WHERE s.id < t.id
ORDER BY s.checkpoint, s.id
