-- id: tcp-established-internal
-- severity: warning
-- category: network
-- scope: image
-- assume: tcp-established tcp-close
-- group: pid
-- title: TCP connections within the checkpoint
-- message: {n|end|ends} of TCP connections that do not leave the checkpoint: {list}
-- why: Both ends are restored together, so nothing can go wrong between them. CRIU still asks for the option.
-- fix: restore with --tcp-established
-- fix cri-o: put tcp-established into /etc/criu/runc.conf (or crun.conf) on the node that restores
-- fix containerd: put tcp-established into /etc/criu/runc.conf on the node that restores
-- see: criu sk-inet.c
-- fires: socket(pid=7, family='inet', proto='tcp', state='ESTABLISHED', local='127.0.0.1:80', remote='127.0.0.1:4000', peer_inside=1)
-- quiet: socket(pid=7, family='inet', proto='tcp', state='ESTABLISHED', local='127.0.0.1:80', remote='10.0.0.1:4000', peer_inside=0)
SELECT local || ' -> ' || remote AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, state
FROM socket
WHERE family IN ('inet', 'inet6') AND proto = 'tcp' AND peer_inside = 1
  AND state IN ('ESTABLISHED', 'SYN_SENT', 'FIN_WAIT1', 'FIN_WAIT2', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSING')
