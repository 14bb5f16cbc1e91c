-- id: conntrack
-- severity: note
-- category: network
-- scope: image
-- profiles: forensic=off
-- group: ns_id
-- title: connections that the firewall tracks
-- message: {n|tracked connection|tracked connections} of network namespace {ns_id}
-- why: They are put back through nf_conntrack_netlink, which must be loaded on the host.
-- fix: load the module nf_conntrack_netlink
-- see: criu net.c
-- fires: conntrack(ns_id=10)
-- quiet: namespace(type='net', id=10)
SELECT 'network namespace ' || ns_id AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, ns_id
FROM conntrack
