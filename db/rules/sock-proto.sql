-- id: sock-proto
-- severity: blocker
-- category: network
-- scope: live log
-- title: a socket of a protocol that CRIU does not dump
-- message: {subject}
-- why: CRIU dumps TCP, UDP, UDP-Lite and ICMP. 132 is SCTP, 33 DCCP, 262 MPTCP.
-- fix: close it before the dump; Go programs: GODEBUG=multipathtcp=0
-- see: criu sk-inet.c
-- fires: socket(id=5, pid=7, family='inet', type='stream', proto='sctp')
-- quiet: socket(id=5, pid=7, family='inet', type='stream', proto='tcp')
-- quiet: socket(id=5, pid=7, family='inet', type='raw', proto='47')
SELECT family || ' ' || proto || ' socket' AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, proto, ino
FROM socket
WHERE family IN ('inet', 'inet6') AND type <> 'raw' AND proto NOT IN ('tcp', 'udp', 'udplite', 'icmp', 'icmpv6', 'ip', '0')
