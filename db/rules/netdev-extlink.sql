-- id: netdev-extlink
-- severity: error
-- category: network
-- scope: image
-- assume: external
-- profiles: forensic=off
-- title: a network device that CRIU does not make itself
-- message: {subject} must be there before CRIU restores its settings
-- why: It was dumped as an external link: addresses and flags are here, the device is not.
-- fix: make it in an action script at setup-namespaces, or with the plugin that dumped it
-- see: criu net.c
-- fires: netdev(ns_id=10, name='wg0', type='extlink', ifindex=2)
-- quiet: netdev(ns_id=10, name='eth0', type='veth', ifindex=2)
SELECT name AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, ns_id
FROM netdev
WHERE type = 'extlink'
