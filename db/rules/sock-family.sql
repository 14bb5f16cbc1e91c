-- id: sock-family
-- severity: blocker
-- category: network
-- scope: live log
-- title: a socket of a family that CRIU does not dump
-- message: {subject}
-- why: CRIU dumps unix, inet, inet6, packet and netlink sockets. 38 is ALG (kernel crypto), 40 VSOCK, 44 XDP, 29 CAN.
-- fix: close it before the dump
-- see: criu sockets.c
-- fires: socket(id=5, pid=7, family='vsock', ino=5)
-- quiet: socket(id=5, pid=7, family='inet', ino=5)
SELECT family || ' socket' AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, family, ino
FROM socket
WHERE family NOT IN ('unix', 'inet', 'inet6', 'packet', 'netlink')
