-- id: unix-external
-- severity: error
-- category: network
-- scope: live log
-- assume: ext-unix-sk
-- title: a unix socket of somebody outside
-- message: process {pid} is connected to {subject}, which no task here has
-- why: A task has sent to, or is connected to, a socket that no task of the dump has.
-- fix: dump and restore with --ext-unix-sk (named datagram sockets), or close it before the dump
-- fix runc: runc checkpoint --ext-unix-sk
-- fix podman: put ext-unix-sk into /etc/criu/runc.conf or crun.conf
-- fix containerd: task option external_unix_sockets, or ext-unix-sk in /etc/criu/runc.conf
-- see: https://criu.org/External_UNIX_socket
-- fires: socket(id=5, pid=7, family='unix', type='dgram', remote='/dev/log', peer_inside=0)
-- quiet: socket(id=5, pid=7, family='unix', type='dgram', remote='/dev/log', peer_inside=1)
-- quiet: socket(id=5, pid=7, family='unix', type='dgram')
SELECT remote AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, ino, peer_ino
FROM socket
WHERE family = 'unix' AND type = 'dgram' AND peer_inside = 0 AND remote IS NOT NULL
