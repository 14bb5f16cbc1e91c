-- id: tcp-established-refused
-- severity: error
-- category: network
-- scope: live log
-- assume: tcp-established tcp-close
-- group: pid
-- title: an established TCP connection
-- message: {n|TCP connection|TCP connections}: {list}
-- why: CRIU dumps connections only where it is told to, as it must lock the network and keep both ends in step.
-- fix: dump and restore with --tcp-established, or with --tcp-close; or close the connections before
-- fix podman: podman container checkpoint --tcp-established
-- fix cri-o: put tcp-established into /etc/criu/runc.conf (or crun.conf) on the node
-- fix containerd: put tcp-established into /etc/criu/runc.conf on the node
-- see: https://criu.org/TCP_connection
-- fires: socket(pid=7, family='inet', proto='tcp', state='ESTABLISHED', local='127.0.0.1:80', remote='127.0.0.1:4000', peer_inside=1)
-- fires: socket(pid=7, family='inet6', proto='tcp', state='CLOSE_WAIT', local='[::1]:80', remote='[::1]:4000', peer_inside=0)
-- quiet: socket(pid=7, family='inet', proto='tcp', state='LISTEN', local='0.0.0.0:80')
-- quiet: socket(pid=7, family='inet', proto='udp', state='ESTABLISHED', local='127.0.0.1:80', remote='127.0.0.1:53')
SELECT local || ' -> ' || remote AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, state, peer_inside, ino
FROM socket
WHERE family IN ('inet', 'inet6') AND proto = 'tcp'
  AND state IN ('ESTABLISHED', 'SYN_SENT', 'FIN_WAIT1', 'FIN_WAIT2', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSING')
