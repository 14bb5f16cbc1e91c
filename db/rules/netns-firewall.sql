-- id: netns-firewall
-- severity: warning
-- category: network
-- scope: image log
-- profiles: same-host=note forensic=off
-- group: ns_id
-- title: firewall rules
-- message: {n|statement|statements} in network namespace {ns_id}
-- why: They are put back with the iptables or nft that wrote them, which must be installed.
-- fix: install iptables (legacy) or nftables where it is restored
-- see: criu net.c
-- fires: firewall(ns_id=10)
-- quiet: netdev(ns_id=10, name='lo')
SELECT 'network namespace ' || ns_id AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, ns_id
FROM firewall
