-- id: inet6-bound-specific-ip
-- severity: note
-- category: network
-- scope: image live
-- profiles: other-host=warning other-pod=warning forensic=off
-- group: pid local_addr
-- title: IPv6 sockets bound to an address of this host
-- message: {n|socket|sockets} bound to {local_addr}: {list}
-- why: CRIU lets IPv6 sockets bind to an address that is not there, so restoring works, but nobody reaches them where
--   the address is missing.
-- fix: give the restored container the same address, or have the program bind to ::
-- see: criu sk-inet.c
-- fires: socket(pid=7, family='inet6', type='stream', state='LISTEN', local='[fd00::2]:80', local_addr='fd00::2')
-- quiet: socket(pid=7, family='inet6', type='stream', state='LISTEN', local='[::]:80', local_addr='::')
-- quiet: socket(pid=7, family='inet6', type='stream', state='LISTEN', local='[::1]:80', local_addr='::1')
-- quiet: socket(pid=7, family='inet6', type='raw', state='CLOSE', local='[fd00::2]:58', local_addr='fd00::2')
SELECT local AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, local_addr, proto, state
FROM socket
WHERE family = 'inet6' AND type <> 'raw' AND local_addr NOT IN ('::', '::1')
  AND local_addr NOT LIKE '::ffff:127.%' AND local_addr NOT LIKE 'fe80:%'
