-- id: unix-external-stream
-- severity: error
-- category: network
-- scope: live log
-- title: a unix connection to somebody outside
-- message: {subject}: the other end is not among the tasks
-- why: Half of a stream cannot be dumped. Journals, D-Bus, engines and agents are at such other ends.
-- fix: close the connection before the dump; an end of a socketpair can be declared with --external 'unix[INO]'
-- see: criu sk-unix.c
-- fires: socket(id=5, pid=7, family='unix', type='stream', remote='/run/x', state='ESTABLISHED', peer_inside=0, external=0)
-- quiet: socket(id=5, pid=7, family='unix', type='stream', remote='/run/x', state='ESTABLISHED', peer_inside=1, external=0)
SELECT coalesce(remote, 'socket ' || ino) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, type, ino
FROM socket
WHERE family = 'unix' AND type IN ('stream', 'seqpacket') AND peer_inside = 0 AND external IS NOT 1
