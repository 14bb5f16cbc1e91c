-- id: connection-to-public
-- severity: note
-- category: forensics
-- scope: image live
-- profiles: forensic=warning
-- group: pid
-- title: connections to public addresses
-- message: {n|connection|connections}: {list}
-- why: Where they lead is worth knowing: a download, a command channel, a mining pool.
-- fix: look the addresses up
-- attack: T1071
-- fires: socket(pid=7, family='inet', proto='tcp', state='ESTABLISHED', local='10.0.0.2:4000', remote='93.184.216.34:443', remote_addr='93.184.216.34', peer_inside=0)
-- quiet: socket(pid=7, family='inet', proto='tcp', state='ESTABLISHED', local='10.0.0.2:4000', remote='10.1.1.1:443', remote_addr='10.1.1.1', peer_inside=0)
-- quiet: socket(pid=7, family='inet6', proto='tcp', state='ESTABLISHED', local='[::1]:4000', remote='[::1]:443', remote_addr='::1', peer_inside=0)
SELECT remote AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, local, proto, state
FROM socket
WHERE family IN ('inet', 'inet6') AND remote_addr IS NOT NULL AND state NOT IN ('LISTEN', 'CLOSE')
  AND NOT (cidr_match(remote_addr, '10.0.0.0/8') OR cidr_match(remote_addr, '172.16.0.0/12') OR cidr_match(remote_addr, '192.168.0.0/16')
           OR cidr_match(remote_addr, '127.0.0.0/8') OR cidr_match(remote_addr, '169.254.0.0/16') OR cidr_match(remote_addr, '100.64.0.0/10')
           OR cidr_match(remote_addr, '0.0.0.0/8') OR cidr_match(remote_addr, 'fe80::/10') OR cidr_match(remote_addr, 'fc00::/7')
           OR cidr_match(remote_addr, '::1/128') OR cidr_match(remote_addr, '::/128'))
