-- id: inet-bound-specific-ip
-- severity: warning
-- category: network
-- scope: image live log
-- profiles: other-host=error other-pod=error forensic=off
-- group: pid local_addr
-- title: sockets bound to an address of this host
-- message: {n|socket|sockets} bound to {local_addr}: {list}
-- why: When they are restored, bind(2) fails unless an interface has that very address. A new pod mostly has another.
-- fix: give the restored container the same address, have the program bind to 0.0.0.0, or set net.ipv4.ip_nonlocal_bind
-- see: criu sk-inet.c, https://github.com/checkpoint-restore/criu/issues/312
-- fires: socket(pid=7, family='inet', type='stream', state='LISTEN', local='10.0.0.2:80', local_addr='10.0.0.2')
-- quiet: socket(pid=7, family='inet', type='stream', state='LISTEN', local='0.0.0.0:80', local_addr='0.0.0.0')
-- quiet: socket(pid=7, family='inet', type='stream', state='LISTEN', local='127.0.0.53:53', local_addr='127.0.0.53')
-- quiet: socket(pid=7, family='unix', type='stream', state='LISTEN', local='10.0.0.2', local_addr='10.0.0.2')
SELECT local AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, local_addr, proto, state
FROM socket
WHERE family = 'inet' AND local_addr <> '0.0.0.0' AND local_addr NOT LIKE '127.%'
