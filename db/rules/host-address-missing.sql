-- id: host-address-missing
-- severity: error
-- category: host
-- scope: host
-- profiles: forensic=off
-- group: local_addr
-- over: inet-bound-specific-ip inet6-bound-specific-ip
-- title: an address that the host does not have
-- message: {n|socket is|sockets are} bound to {local_addr}, which no interface of the host has: {list}
-- why: bind(2) fails for an address that is not there.
-- fix: give an interface of the host that address, or set net.ipv4.ip_nonlocal_bind
-- see: criu sk-inet.c
-- fires: namespace(type='net', id=10, is_host=1) socket(pid=7, family='inet', local='10.9.9.9:80', local_addr='10.9.9.9', ns_id=10) host(name='address', value='127.0.0.1')
-- quiet: namespace(type='net', id=10, is_host=1) socket(pid=7, family='inet', local='10.9.9.9:80', local_addr='10.9.9.9', ns_id=10) host(name='address', value='10.9.9.9')
-- quiet: namespace(type='net', id=10, is_host=1) socket(pid=7, family='inet', local='0.0.0.0:80', local_addr='0.0.0.0', ns_id=10) host(name='address', value='127.0.0.1')
-- quiet: namespace(type='net', id=10, is_host=0) socket(pid=7, family='inet', local='10.9.9.9:80', local_addr='10.9.9.9', ns_id=10) host(name='address', value='127.0.0.1')
SELECT s.local AS subject, s.pid, NULL AS fd, s.src_image, s.src_entry, s.src_offset, s.local_addr
FROM socket AS s JOIN namespace AS n ON n.type = 'net' AND n.id = s.ns_id AND n.is_host = 1
WHERE s.family IN ('inet', 'inet6') AND s.local_addr NOT IN ('0.0.0.0', '::') AND s.local_addr NOT LIKE '127.%'
  AND EXISTS (SELECT 1 FROM host WHERE name = 'address' AND value IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM host WHERE name = 'address' AND value = s.local_addr)
  AND NOT EXISTS (SELECT 1 FROM host WHERE name = 'sysctl.net.ipv4.ip_nonlocal_bind' AND number = 1)
