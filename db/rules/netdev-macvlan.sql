-- id: netdev-macvlan
-- severity: error
-- category: network
-- scope: image
-- assume: external
-- profiles: forensic=off
-- title: a macvlan device
-- message: {subject} needs a device of the host to sit on
-- why: The device beneath it is not in the image.
-- fix: criu restore --external 'macvlan[INSIDE]:OUTSIDE'
-- see: criu net.c
-- fires: netdev(ns_id=10, name='mv0', type='macvlan', ifindex=2)
-- quiet: netdev(ns_id=10, name='eth0', type='veth', ifindex=2)
SELECT name AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, ns_id, detail
FROM netdev
WHERE type = 'macvlan'
