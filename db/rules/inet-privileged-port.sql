-- id: inet-privileged-port
-- severity: note
-- category: network
-- scope: image live
-- profiles: forensic=off
-- group: pid
-- title: sockets on privileged ports
-- message: {n|socket|sockets} bound to ports below 1024: {list}
-- why: Binding them again takes CAP_NET_BIND_SERVICE in the network namespace, or a lower
--   net.ipv4.ip_unprivileged_port_start.
-- fix: nothing to do where the restore runs as root
-- see: criu sk-inet.c
-- fires: socket(pid=7, family='inet', proto='tcp', state='LISTEN', local='0.0.0.0:80', local_port=80)
-- quiet: socket(pid=7, family='inet', proto='tcp', state='LISTEN', local='0.0.0.0:8080', local_port=8080)
-- quiet: socket(pid=7, family='inet', type='raw', proto='icmp', state='CLOSE', local='0.0.0.0:1', local_port=1)
SELECT local AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, local_port, proto
FROM socket
WHERE family IN ('inet', 'inet6') AND proto IN ('tcp', 'udp', 'udplite') AND local_port BETWEEN 1 AND 1023
