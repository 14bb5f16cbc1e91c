-- id: inet-port-busy
-- severity: warning
-- category: network
-- scope: image live log
-- profiles: forensic=off
-- group: pid
-- title: ports of the host
-- message: {n|socket is|sockets are} bound in the host's network: {list}
-- why: The container shares the network of its host, where another program may have taken the port in the meantime,
--   and where two copies cannot both have it.
-- fix: see that the ports are free before restoring; a copy needs a network of its own
-- see: criu sk-inet.c
-- fires: namespace(type='net', id=10, is_host=1) socket(pid=7, family='inet', proto='tcp', state='LISTEN', local='0.0.0.0:80', local_port=80, ns_id=10)
-- quiet: namespace(type='net', id=10, is_host=0) socket(pid=7, family='inet', proto='tcp', state='LISTEN', local='0.0.0.0:80', local_port=80, ns_id=10)
-- quiet: namespace(type='net', id=10, is_host=1) socket(pid=7, family='inet', proto='tcp', state='CLOSE', local='0.0.0.0:0', local_port=0, ns_id=10)
SELECT s.local AS subject, s.pid AS pid, NULL AS fd, s.src_image, s.src_entry, s.src_offset, s.proto, s.state
FROM namespace AS n JOIN socket AS s ON s.ns_id = n.id
WHERE n.type = 'net' AND n.is_host = 1 AND s.family IN ('inet', 'inet6') AND s.local_port > 0
  AND (s.state = 'LISTEN' OR s.proto IN ('udp', 'udplite'))
