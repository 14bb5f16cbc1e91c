-- id: link-unsupported
-- severity: error
-- category: network
-- scope: live log
-- assume: external
-- title: a network device that CRIU cannot dump
-- message: {subject} is of a kind that CRIU does not know
-- why: It dumps loopback, veth, tun, bridge, macvlan and sit. A physical card cannot be carried away.
-- fix: use an external or empty network namespace, as podman, CRI-O and runc do; else remove the device
-- see: https://github.com/checkpoint-restore/criu/issues/3147
-- fires: netdev(ns_id=10, name='wg0', type='wireguard')
-- fires: netdev(ns_id=10, name='tap1', type='gretap')
-- quiet: netdev(ns_id=10, name='lo', type='loopback')
-- quiet: netdev(ns_id=10, name='gretap0', type='gretap')
-- quiet: netdev(ns_id=10, name='eth0', type='physical') namespace(type='net', id=10, is_host=1)
SELECT d.name AS subject, NULL AS pid, NULL AS fd, d.src_image, d.src_entry, d.src_offset, d.type, d.ns_id
FROM netdev AS d
WHERE d.type NOT IN ('loopback', 'veth', 'tun', 'extlink', 'venet', 'bridge', 'macvlan', 'sit')
  AND d.name NOT IN ('gre0', 'gretap0') -- there in each namespace, and passed over
  AND NOT EXISTS (SELECT 1 FROM namespace AS n WHERE n.type = 'net' AND n.id = d.ns_id AND n.is_host = 1)
