-- id: raw-packet-socket
-- severity: warning
-- category: network
-- scope: image live
-- title: raw or packet sockets
-- message: {n|socket|sockets} that see or send raw packets: {list}
-- group: pid
-- why: A packet socket is bound to the number of an interface, and numbers differ from host to host. It takes
--   CAP_NET_RAW to make one, and it sees traffic that is not its own.
-- fix: give the restored container its interfaces in the same order
-- see: criu sk-packet.c
-- attack: T1040
-- fires: socket(pid=7, family='packet', type='raw', proto='0x0003')
-- fires: socket(pid=7, family='inet', type='raw', proto='icmp')
-- quiet: socket(pid=7, family='inet', type='dgram', proto='udp')
SELECT family || ' ' || coalesce(type, '?') || ' ' || coalesce(proto, '?') AS subject, pid, NULL AS fd, src_image,
       src_entry, src_offset, local, ino
FROM socket
WHERE family = 'packet' OR type = 'raw' AND family IN ('inet', 'inet6')
