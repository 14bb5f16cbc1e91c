-- id: sock-type
-- severity: blocker
-- category: network
-- scope: live log
-- title: a socket of a type that CRIU does not dump
-- message: {subject}
-- why: CRIU dumps streams, datagrams and raw sockets of IP.
-- fix: close it before the dump
-- see: criu sk-inet.c
-- fires: socket(id=5, pid=7, family='inet', type='seqpacket', proto='sctp')
-- quiet: socket(id=5, pid=7, family='inet', type='stream', proto='tcp')
SELECT family || ' ' || type || ' socket' AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, proto, ino
FROM socket
WHERE family IN ('inet', 'inet6') AND type NOT IN ('stream', 'dgram', 'raw')
