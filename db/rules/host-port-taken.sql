-- id: host-port-taken
-- severity: error
-- category: host
-- scope: host
-- profiles: other-host=warning other-pod=warning forensic=off
-- group: all
-- over: inet-port-busy
-- title: ports that are taken
-- message: {n|socket is|sockets are} bound to a port that something on the host has: {list}
-- why: The container is in the network of its host, where another program listens at that port now.
-- fix: stop that program, or restore into a network of its own
-- see: criu sk-inet.c
-- fires: namespace(type='net', id=10, is_host=1) socket(pid=7, family='inet', proto='tcp', state='LISTEN', local='0.0.0.0:80', local_port=80, ns_id=10) host(name='port.tcp', value='127.0.0.1:80', number=80)
-- quiet: namespace(type='net', id=10, is_host=1) socket(pid=7, family='inet', proto='tcp', state='LISTEN', local='0.0.0.0:80', local_port=80, ns_id=10) host(name='port.udp', value='127.0.0.1:80', number=80)
-- quiet: namespace(type='net', id=10, is_host=0) socket(pid=7, family='inet', proto='tcp', state='LISTEN', local='0.0.0.0:80', local_port=80, ns_id=10) host(name='port.tcp', value='127.0.0.1:80', number=80)
SELECT s.local AS subject, s.pid, NULL AS fd, s.src_image, s.src_entry, s.src_offset, s.proto, h.value AS taken
FROM socket AS s JOIN namespace AS n ON n.type = 'net' AND n.id = s.ns_id AND n.is_host = 1
  JOIN host AS h ON h.name = 'port.' || s.proto AND h.number = s.local_port
WHERE s.family IN ('inet', 'inet6') AND s.local_port > 0 AND (s.state = 'LISTEN' OR s.proto = 'udp')
