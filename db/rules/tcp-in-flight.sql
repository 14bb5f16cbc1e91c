-- id: tcp-in-flight
-- severity: error
-- category: network
-- scope: live log
-- title: a connection that nobody has accepted yet
-- message: {subject}: {inq_bytes} connections wait to be accepted
-- why: It is in the queue of a socket that listens, and has no descriptor.
-- fix: dump with --skip-in-flight (such clients connect again), or try once more
-- fix runc: runc checkpoint --tcp-skip-in-flight
-- fix podman: put skip-in-flight into /etc/criu/runc.conf or crun.conf
-- see: criu sk-inet.c
-- fires: socket(id=5, pid=7, family='inet', proto='tcp', state='LISTEN', local='0.0.0.0:80', inq_bytes=1)
-- quiet: socket(id=5, pid=7, family='inet', proto='tcp', state='LISTEN', local='0.0.0.0:80', inq_bytes=0)
SELECT local AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, inq_bytes
FROM socket
WHERE proto = 'tcp' AND state = 'LISTEN' AND inq_bytes > 0
