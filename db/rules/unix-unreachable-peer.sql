-- id: unix-unreachable-peer
-- severity: blocker
-- category: network
-- scope: live log
-- title: a unix socket that cannot be connected again
-- message: {subject}
-- why: The other end is connected elsewhere and has no name.
-- fix: close it before the dump
-- see: criu sk-unix.c
-- fires: socket(id=5, pid=7, family='unix', ino=5, peer_ino=6) socket(id=6, pid=7, family='unix', ino=6, peer_ino=8)
-- quiet: socket(id=5, pid=7, family='unix', ino=5, peer_ino=6) socket(id=6, pid=7, family='unix', ino=6, peer_ino=5)
-- quiet: socket(id=5, pid=7, family='unix', ino=5, peer_ino=6) socket(id=6, pid=7, family='unix', ino=6, local='/x')
SELECT 'unix socket ' || s.ino AS subject, s.pid, NULL AS fd, s.src_image, s.src_entry, s.src_offset, s.type, s.peer_ino
FROM socket AS s JOIN socket AS p ON p.ino = s.peer_ino
WHERE s.family = 'unix' AND p.family = 'unix' AND p.local IS NULL AND coalesce(p.peer_ino, 0) <> s.ino
