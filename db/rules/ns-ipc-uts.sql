-- id: ns-ipc-uts
-- severity: note
-- category: namespace
-- scope: image
-- profiles: same-host=off forensic=off
-- title: a host name of its own
-- message: the host name {nodename} is restored
-- why: It is in the image of the UTS namespace, so a copy has the name of the original.
-- fix: nothing to do
-- see: criu uts_ns.c
-- fires: namespace(type='uts', id=12, nodename='c1', is_host=0)
-- quiet: namespace(type='uts', id=12, is_host=1)
SELECT 'uts namespace ' || id AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, nodename
FROM namespace
WHERE type = 'uts' AND nodename IS NOT NULL AND is_host = 0
