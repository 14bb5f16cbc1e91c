-- Sockets that wait for connections, and who has them
SELECT s.checkpoint, d.pid, p.comm, d.fd, s.family, s.proto, s.local, s.backlog
FROM every.socket AS s
JOIN every.fd AS d ON d.checkpoint = s.checkpoint AND d.file_id = s.id
JOIN every.process AS p ON p.checkpoint = d.checkpoint AND p.pid = d.pid
WHERE s.state = 'LISTEN'
ORDER BY s.checkpoint, s.family, s.local, d.pid
