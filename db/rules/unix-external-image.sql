-- id: unix-external-image
-- severity: error
-- category: network
-- scope: image live log
-- assume: ext-unix-sk
-- title: a unix socket of somebody outside
-- message: a task talks to {local}, which belongs to somebody outside
-- why: The socket at the other end is not restored, it must be there under its name.
-- fix: restore with --ext-unix-sk, while the program at the other end runs
-- fix podman: put ext-unix-sk into /etc/criu/runc.conf or crun.conf; podman has no option for it
-- fix cri-o: put ext-unix-sk into /etc/criu/runc.conf (or crun.conf) on the node that restores
-- fix containerd: task option external_unix_sockets, or ext-unix-sk in /etc/criu/runc.conf
-- see: criu sk-unix.c, https://criu.org/External_UNIX_socket
-- fires: socket(id=58, family='unix', type='dgram', local='/run/log.sock', external=1)
-- quiet: socket(id=58, family='unix', type='dgram', local='/run/log.sock', external=0)
SELECT coalesce(local, 'socket ' || ino) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, local, type, ino
FROM socket
WHERE family = 'unix' AND external = 1
