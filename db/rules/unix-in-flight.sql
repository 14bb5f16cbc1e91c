-- id: unix-in-flight
-- severity: error
-- category: network
-- scope: live log
-- title: a unix connection that nobody has accepted yet
-- message: {subject}: {inq_bytes} connections wait to be accepted
-- why: Data is queued on it already, or its client has gone.
-- fix: accept it before the dump, or try again
-- see: criu sk-unix.c
-- fires: socket(id=5, pid=7, family='unix', type='stream', state='LISTEN', local='/run/x', inq_bytes=1)
-- quiet: socket(id=5, pid=7, family='unix', type='stream', state='LISTEN', local='/run/x', inq_bytes=0)
-- quiet: socket(id=5, pid=7, family='unix', type='stream', state='ESTABLISHED', local='/run/x', inq_bytes=1)
SELECT coalesce(local, 'socket ' || ino) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, inq_bytes,
       'warning' AS severity
FROM socket
WHERE family = 'unix' AND state = 'LISTEN' AND inq_bytes > 0
