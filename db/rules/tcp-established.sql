-- id: tcp-established
-- severity: error
-- category: network
-- scope: image log
-- assume: tcp-established tcp-close
-- group: pid
-- title: TCP connections to something outside
-- message: {n|TCP connection|TCP connections} whose other end is not here: {list}
-- why: CRIU can take a connection along, with its sequence numbers and queues, but only where it is told to. The
--   restored end takes up its old address and port, and the other side must neither have seen a reset nor have gone
--   on in the meantime. The network has to stay locked until then.
-- fix: restore with --tcp-established (same address, source stopped), or with --tcp-close to have them come back closed
-- fix podman: podman container restore --tcp-established, or --tcp-close where this podman has it
-- fix cri-o: put tcp-established or tcp-close into /etc/criu/runc.conf (or crun.conf) on the node that restores
-- fix containerd: put tcp-established or tcp-close into /etc/criu/runc.conf on the node that restores; ctr: option open_tcp
-- see: criu sk-inet.c, https://criu.org/TCP_connection
-- fires: socket(pid=7, family='inet', proto='tcp', state='ESTABLISHED', local='10.0.0.2:80', remote='10.0.0.9:4000', peer_inside=0)
-- quiet: socket(pid=7, family='inet', proto='tcp', state='LISTEN', local='0.0.0.0:80')
-- quiet: socket(pid=7, family='inet', proto='tcp', state='ESTABLISHED', local='127.0.0.1:80', remote='127.0.0.1:4000', peer_inside=1)
-- quiet: socket(pid=7, family='inet', proto='udp', state='ESTABLISHED', local='127.0.0.1:80', remote='127.0.0.1:53', peer_inside=0)
SELECT local || ' -> ' || remote AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, state, ino
FROM socket
WHERE family IN ('inet', 'inet6') AND proto = 'tcp' AND peer_inside = 0
  AND state IN ('ESTABLISHED', 'SYN_SENT', 'FIN_WAIT1', 'FIN_WAIT2', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSING')
