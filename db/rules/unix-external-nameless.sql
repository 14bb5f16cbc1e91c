-- id: unix-external-nameless
-- severity: error
-- category: network
-- scope: live log
-- title: a nameless unix socket of somebody outside
-- message: {subject} is connected to a socket without a name, which no task here has
-- why: Without a name nothing can be found again.
-- fix: declare it with --external 'unix[INO]', or close it before the dump
-- see: criu sk-unix.c
-- fires: socket(id=5, pid=7, family='unix', type='dgram', ino=100, peer_ino=101, peer_inside=0)
-- quiet: socket(id=5, pid=7, family='unix', type='dgram', remote='/dev/log', ino=100, peer_ino=101, peer_inside=0)
SELECT 'socket ' || ino AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, ino, peer_ino
FROM socket
WHERE family = 'unix' AND type = 'dgram' AND peer_inside = 0 AND remote IS NULL
