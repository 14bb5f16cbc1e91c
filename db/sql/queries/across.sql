-- Who talks to whom across checkpoints: connections whose two ends are in two of them
SELECT s.checkpoint, s.pid, p.comm, s.proto, s.state, s.local,
       t.checkpoint AS peer_checkpoint, t.pid AS peer_pid, q.comm AS peer_comm, t.local AS peer_local
FROM every.socket AS s
JOIN every.socket AS t
  ON t.local_addr = s.remote_addr AND t.local_port = s.remote_port
 AND t.remote_addr = s.local_addr AND t.remote_port = s.local_port
LEFT JOIN every.process AS p ON p.checkpoint = s.checkpoint AND p.pid = s.pid
LEFT JOIN every.process AS q ON q.checkpoint = t.checkpoint AND q.pid = t.pid
WHERE s.checkpoint < t.checkpoint AND s.family IN ('inet', 'inet6') AND s.remote_port <> 0
  AND NOT cidr_match(s.local_addr, '127.0.0.0/8') AND NOT cidr_match(s.local_addr, '::1')
ORDER BY s.checkpoint, s.local
