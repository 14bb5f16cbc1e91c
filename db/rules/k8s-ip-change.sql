-- id: k8s-ip-change
-- severity: note
-- category: kubernetes
-- scope: image
-- profiles: same-host=off other-host=error other-pod=error forensic=off
-- over: inet-bound-specific-ip tcp-established
-- group: pid
-- title: sockets bound to the address of the old pod
-- message: {n|socket is|sockets are} bound to {ip}, the address that the pod had: {list}
-- why: The new pod gets another address, and bind(2) fails.
-- fix: have the program bind to 0.0.0.0, and close connections before the dump; or restore with --tcp-close
-- see: criu sk-inet.c
-- fires: checkpoint(producer='containerd', ip='10.0.0.2') socket(pid=1, family='inet', proto='tcp', state='LISTEN', local='10.0.0.2:80', local_addr='10.0.0.2')
-- quiet: checkpoint(producer='containerd', ip='10.0.0.2') socket(pid=1, family='inet', proto='tcp', state='LISTEN', local='0.0.0.0:80', local_addr='0.0.0.0')
-- quiet: checkpoint(producer='podman', ip='10.0.0.2') socket(pid=1, family='inet', proto='tcp', state='LISTEN', local='10.0.0.2:80', local_addr='10.0.0.2')
SELECT s.local AS subject, s.pid AS pid, NULL AS fd, s.src_image, s.src_entry, s.src_offset, c.ip, s.state
FROM checkpoint AS c JOIN socket AS s ON s.local_addr = c.ip
WHERE c.producer IN ('cri-o', 'containerd') AND s.family IN ('inet', 'inet6')
