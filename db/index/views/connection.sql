-- a connection whose two ends are in two checkpoints: who talks to whom
-- Addresses of the loopback device mean the other end only within one pod, whose containers share it.
SELECT s.checkpoint, x.pod, x.container, s.pid, p.comm, s.proto, s.state, s.local,
       t.checkpoint AS peer_checkpoint, y.pod AS peer_pod, y.container AS peer_container, t.pid AS peer_pid,
       q.comm AS peer_comm, t.local AS peer_local, s.inq_bytes, t.inq_bytes AS peer_inq_bytes
FROM socket AS s
JOIN socket AS t
  ON t.local_addr = s.remote_addr AND t.local_port = s.remote_port
 AND t.remote_addr = s.local_addr AND t.remote_port = s.local_port AND t.proto = s.proto
JOIN checkpoint AS x ON x.checkpoint = s.checkpoint
JOIN checkpoint AS y ON y.checkpoint = t.checkpoint
JOIN indexed AS i ON i.id = s.checkpoint
JOIN indexed AS j ON j.id = t.checkpoint
LEFT JOIN process AS p ON p.checkpoint = s.checkpoint AND p.pid = s.pid
LEFT JOIN process AS q ON q.checkpoint = t.checkpoint AND q.pid = t.pid
WHERE s.checkpoint < t.checkpoint AND s.family IN ('inet', 'inet6') AND s.remote_port <> 0
  AND (x.container_id IS NULL OR y.container_id IS NULL OR x.container_id <> y.container_id)
  AND (NOT (s.local_addr GLOB '127.*' OR s.local_addr = '::1')
       OR (i.node = j.node AND x.pod = y.pod AND x.namespace IS y.namespace))
