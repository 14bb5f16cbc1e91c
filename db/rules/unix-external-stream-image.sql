-- id: unix-external-stream-image
-- severity: error
-- category: network
-- scope: image log
-- assume: external
-- over all: unix-peer-missing
-- title: a connected unix socket whose other end is missing
-- message: the other end of {subject}, socket {peer_ino}, is not in the checkpoint
-- why: Half a stream cannot be restored. Such an image is dumped only where the end was declared external by its inode.
-- fix: close the connection before the dump; an end of a socketpair can be handed over with --inherit-fd 'fd[N]:unix[INO]'
-- see: criu sk-unix.c
-- fires: socket(id=5, pid=7, family='unix', type='stream', state='ESTABLISHED', ino=100, peer_ino=101)
-- quiet: socket(id=5, pid=7, family='unix', type='stream', state='ESTABLISHED', ino=100, peer_ino=101) socket(id=6, pid=7, family='unix', type='stream', ino=101, peer_ino=100)
-- quiet: socket(id=5, pid=7, family='unix', type='stream', state='ESTABLISHED', ino=100, peer_ino=0)
-- quiet: socket(id=5, pid=7, family='unix', type='dgram', state='ESTABLISHED', ino=100, peer_ino=101)
SELECT coalesce(s.local, 'socket ' || s.ino) AS subject, s.pid AS pid, NULL AS fd, s.src_image, s.src_entry,
       s.src_offset, s.type, s.ino, s.peer_ino
FROM socket AS s LEFT JOIN socket AS other ON other.ino = s.peer_ino
WHERE s.family = 'unix' AND s.type IN ('stream', 'seqpacket') AND s.peer_ino > 0 AND s.external IS NOT 1
  AND other.ino IS NULL
