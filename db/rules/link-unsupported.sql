-- id: link-unsupported
-- severity: error
-- category: network
-- scope: live log
-- title: a network device that CRIU cannot dump
-- message: {subject} is of a kind that CRIU does not know
-- why: It dumps loopback, veth, tun, bridge, macvlan and sit. A physical card cannot be carried away.
-- fix: use an external or empty network namespace, as podman, CRI-O and runc do; else remove the device
-- see: https://github.com/checkpoint-restore/criu/issues/3147
-- fires: netdev(ns_id=10, name='wg0', type='wireguard')
-- quiet: netdev(ns_id=10, name='lo', type='loopback')
SELECT name AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, type, ns_id
FROM netdev
WHERE type NOT IN ('loopback', 'veth', 'tun', 'extlink', 'venet', 'bridge', 'macvlan', 'sit')
