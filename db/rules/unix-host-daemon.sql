-- id: unix-host-daemon
-- severity: warning
-- category: network
-- scope: image live
-- title: a connection to a daemon of the host
-- message: {subject} is a socket of the host's own services
-- why: The connection means something to that daemon only as long as both run. After a restore it is gone, or leads to a
--   daemon that knows nothing of it.
-- fix: the program must connect again; close the connection before the dump
-- see: criu sk-unix.c
-- fires: socket(id=5, pid=7, family='unix', type='dgram', local='/run/systemd/notify', external=1)
-- fires: socket(id=5, pid=7, family='unix', type='stream', remote='/var/run/dbus/system_bus_socket')
-- quiet: socket(id=5, pid=7, family='unix', type='stream', remote='/tmp/app.sock')
SELECT coalesce(remote, local) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, type, state, external
FROM socket
WHERE family = 'unix' AND coalesce(remote, local) GLOB '/*'
  AND (coalesce(remote, local) LIKE '/run/systemd/%' OR coalesce(remote, local) LIKE '/var/run/systemd/%'
       OR coalesce(remote, local) LIKE '%/dbus/system_bus_socket' OR coalesce(remote, local) LIKE '/dev/log')
