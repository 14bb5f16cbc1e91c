-- id: inet-link-local-scope
-- severity: warning
-- category: network
-- scope: image live log
-- profiles: other-host=error other-pod=error forensic=off
-- title: a socket bound to a link-local address
-- message: {local} belongs to one interface
-- why: A link-local address means something on its own interface only. The restored socket looks for an interface of
--   the same name, and fails to bind where it has none or another address.
-- fix: give the restored container an interface of the same name and address, or close the socket before the dump
-- see: https://github.com/checkpoint-restore/criu/issues/735
-- fires: socket(pid=7, family='inet6', state='LISTEN', local='[fe80::1]:80', local_addr='fe80::1')
-- quiet: socket(pid=7, family='inet6', state='LISTEN', local='[fd00::1]:80', local_addr='fd00::1')
SELECT local AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, local, state
FROM socket
WHERE family = 'inet6' AND local_addr LIKE 'fe80:%'
