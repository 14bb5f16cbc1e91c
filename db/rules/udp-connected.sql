-- id: udp-connected
-- severity: note
-- category: network
-- scope: image live
-- profiles: other-host=warning other-pod=warning forensic=off
-- group: pid
-- title: datagram sockets connected to somebody
-- message: {n|datagram socket is|datagram sockets are} connected to {list}
-- why: connect(2) is made again at restore, and fails where there is no route to that address.
-- fix: see that the address can be reached from where it is restored
-- see: criu sk-inet.c
-- fires: socket(pid=7, family='inet', type='dgram', state='ESTABLISHED', remote='10.0.0.9:53', remote_addr='10.0.0.9')
-- quiet: socket(pid=7, family='inet', type='dgram', state='ESTABLISHED', remote='127.0.0.1:53', remote_addr='127.0.0.1')
-- quiet: socket(pid=7, family='inet', type='dgram', state='CLOSE', local='0.0.0.0:53')
SELECT remote AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, local, remote_addr
FROM socket
WHERE family IN ('inet', 'inet6') AND type = 'dgram' AND remote_addr IS NOT NULL
  AND remote_addr NOT LIKE '127.%' AND remote_addr NOT IN ('::1', '0.0.0.0', '::')
