-- Where this address is known, or one of this network: sockets, interfaces, routes, tracked connections
-- argument: ADDRESS
SELECT s.checkpoint, 'socket' AS what, s.pid, p.comm, s.proto || ' ' || s.state AS state, s.local, s.remote
FROM every.socket AS s
LEFT JOIN every.process AS p ON p.checkpoint = s.checkpoint AND p.pid = s.pid
WHERE s.family IN ('inet', 'inet6') AND (cidr_match(s.local_addr, ?1) OR cidr_match(s.remote_addr, ?1))
UNION ALL
SELECT a.checkpoint, 'interface', NULL, a.label, a.scope, a.address, a.peer
FROM every.address AS a
WHERE cidr_match(a.address, ?1) OR cidr_match(a.peer, ?1)
UNION ALL
SELECT r.checkpoint, 'route', NULL, r.device, r.type, r.dst, r.gateway
FROM every.route AS r
WHERE cidr_match(r.gateway, ?1)
UNION ALL
SELECT c.checkpoint, 'conntrack', NULL, NULL, c.protocol, c.src, c.dst
FROM every.conntrack AS c
WHERE cidr_match(c.src, ?1) OR cidr_match(c.dst, ?1) OR cidr_match(c.reply_src, ?1) OR cidr_match(c.reply_dst, ?1)
UNION ALL
SELECT c.checkpoint, 'container', NULL, c.container, NULL, c.ip, NULL
FROM every.checkpoint AS c
WHERE cidr_match(c.ip, ?1)
ORDER BY 1, 2, 3, 6
