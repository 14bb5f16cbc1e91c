-- id: netlink-socket
-- severity: note
-- category: network
-- scope: image live
-- profiles: forensic=off
-- group: pid
-- title: netlink sockets
-- message: {n|netlink socket|netlink sockets}: {list}
-- why: What was queued on them is lost, and the port number may come back as another one. Programs that listen for
--   changes have missed some.
-- fix: the program must read the state anew
-- see: criu sk-netlink.c
-- fires: socket(pid=7, family='netlink', proto='route')
-- quiet: socket(pid=7, family='unix', type='stream')
SELECT proto AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, local_port
FROM socket
WHERE family = 'netlink'
