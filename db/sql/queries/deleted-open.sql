-- Files without a name that a process still has open
-- Their content is lost with the process, unless the images hold it (held_bytes; carve writes it out).
SELECT f.checkpoint, d.pid, p.comm, d.fd, f.type, f.path, f.size, f.held_bytes
FROM every.file AS f
JOIN every.fd AS d ON d.checkpoint = f.checkpoint AND d.file_id = f.id
JOIN every.process AS p ON p.checkpoint = d.checkpoint AND p.pid = d.pid
WHERE f.deleted
ORDER BY f.checkpoint, d.pid, d.fd
