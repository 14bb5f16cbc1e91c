-- id: host-network-lock
-- severity: warning
-- category: host
-- scope: host
-- title: the network cannot be locked
-- message: there is no iptables-restore, and the kernel has no nf_tables
-- why: While a container with TCP connections is dumped, and until it is restored, nothing may reach its network. CRIU
--   locks it with iptables or nftables; without them only --network-lock skip is left.
-- fix: install iptables, or use a kernel with CONFIG_NF_TABLES and a CRIU that was built with it
-- see: criu net.c
-- fires: host(name='program.iptables-restore', value='none') host(name='config.NF_TABLES', value='n')
-- quiet: host(name='program.iptables-restore', value='none') host(name='config.NF_TABLES', value='m')
-- quiet: host(name='program.iptables-restore', value='/usr/sbin/iptables-restore') host(name='config.NF_TABLES', value='n')
SELECT 'network' AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry, NULL AS src_offset,
       c.source
FROM host AS p JOIN host AS c ON c.name = 'config.NF_TABLES'
WHERE p.name = 'program.iptables-restore' AND p.value = 'none' AND c.value = 'n'
