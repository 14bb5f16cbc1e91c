-- id: tcp-established-leave-running
-- severity: warning
-- category: network
-- scope: image
-- profiles: other-host=error other-pod=error forensic=off
-- assume: tcp-close
-- group: pid
-- title: connections of a container that went on running
-- message: {n|TCP connection|TCP connections} that the original went on using after the dump: {list}
-- why: Kubernetes leaves a container running when it is checkpointed. The peers of these connections have exchanged
--   more data since, so sequence numbers in the image are old and the first packet is answered with a reset.
-- fix: restore with --tcp-close, and let the program connect again
-- fix cri-o: put tcp-close into /etc/criu/runc.conf (or crun.conf) on the node that restores
-- fix containerd: put tcp-close into /etc/criu/runc.conf on the node that restores
-- see: https://github.com/checkpoint-restore/criu/issues/2456
-- fires: checkpoint(producer='cri-o') socket(pid=1, family='inet', proto='tcp', state='ESTABLISHED', local='10.0.0.2:80', remote='10.0.0.9:4000', peer_inside=0)
-- quiet: checkpoint(producer='podman') socket(pid=1, family='inet', proto='tcp', state='ESTABLISHED', local='10.0.0.2:80', remote='10.0.0.9:4000', peer_inside=0)
-- quiet: checkpoint(producer='cri-o') socket(pid=1, family='inet', proto='tcp', state='LISTEN', local='10.0.0.2:80')
SELECT s.local || ' -> ' || s.remote AS subject, s.pid AS pid, NULL AS fd, s.src_image, s.src_entry, s.src_offset,
       s.state, c.producer
FROM checkpoint AS c CROSS JOIN socket AS s
WHERE c.producer IN ('cri-o', 'containerd') AND s.family IN ('inet', 'inet6') AND s.proto = 'tcp'
  AND s.peer_inside = 0
  AND s.state IN ('ESTABLISHED', 'SYN_SENT', 'FIN_WAIT1', 'FIN_WAIT2', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSING')
