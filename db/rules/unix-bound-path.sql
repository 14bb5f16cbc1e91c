-- id: unix-bound-path
-- severity: warning
-- category: network
-- scope: image live
-- profiles: same-host=note forensic=off
-- title: a unix socket whose file was removed
-- message: {subject} is bound to a path that is gone
-- why: CRIU binds it again and removes the name. The directory must exist and be writable.
-- fix: keep the directory of the socket
-- see: criu sk-unix.c
-- fires: socket(id=5, pid=7, family='unix', type='stream', state='LISTEN', local='/tmp/s') file(id=5, type='unixsk', deleted=1)
-- quiet: socket(id=5, pid=7, family='unix', type='stream', state='LISTEN', local='/tmp/s') file(id=5, type='unixsk', deleted=0)
SELECT s.local AS subject, s.pid AS pid, NULL AS fd, s.src_image, s.src_entry, s.src_offset, s.type, s.state
FROM socket AS s JOIN file AS f ON f.id = s.id
WHERE s.family = 'unix' AND s.local LIKE '/%' AND f.deleted = 1
