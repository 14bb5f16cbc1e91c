-- id: netdev-veth
-- severity: warning
-- category: network
-- scope: image
-- assume: external
-- profiles: forensic=off
-- title: a virtual Ethernet pair with one end here
-- message: {subject} comes back as a pair; its other end must be put where it belongs
-- why: CRIU makes the pair anew. Without a word about the outer end it lands in the host's namespace under a name of
--   the kernel's choice, in no bridge.
-- fix: criu restore --external 'veth[INSIDE]:OUTSIDE@BRIDGE'
-- see: criu net.c
-- fires: netdev(ns_id=10, name='eth0', type='veth', ifindex=2)
-- quiet: netdev(ns_id=10, name='lo', type='loopback', ifindex=1)
SELECT name AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, ns_id, peer_nsid, mtu
FROM netdev
WHERE type = 'veth'
