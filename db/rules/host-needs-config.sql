-- id: host-needs-config
-- severity: error
-- category: host
-- scope: host
-- group: option
-- title: the kernel lacks what the checkpoint needs
-- message: CONFIG_{option} is not set in the host's kernel, and there {n|is|are}: {list}
-- why: What is in the images can only be made anew by a kernel that knows it.
-- fix: restore on a kernel that was built with CONFIG_{option}
-- see: criu's wiki, Linux kernel
-- fires: file(id=3, type='tunfile') host(name='config.TUN', value='n')
-- fires: netdev(name='br0', type='bridge') host(name='config.BRIDGE', value='n')
-- fires: namespace(type='time', id=5, is_host=0) host(name='config.TIME_NS', value='n')
-- quiet: file(id=3, type='tunfile') host(name='config.TUN', value='m')
-- quiet: file(id=3, type='tunfile')
-- quiet: namespace(type='time', id=5, is_host=1) host(name='config.TIME_NS', value='n')
WITH needs(option, what, src_image, src_entry, src_offset) AS (
	SELECT CASE type WHEN 'tunfile' THEN 'TUN' WHEN 'packetsk' THEN 'PACKET' WHEN 'signalfd' THEN 'SIGNALFD'
	                 WHEN 'timerfd' THEN 'TIMERFD' WHEN 'fanotify' THEN 'FANOTIFY' WHEN 'memfd' THEN 'MEMFD_CREATE'
	                 WHEN 'bpfmap' THEN 'BPF_SYSCALL' END,
	       'a file of type ' || type, src_image, src_entry, src_offset
	FROM file
	UNION ALL
	SELECT CASE type WHEN 'tun' THEN 'TUN' WHEN 'veth' THEN 'VETH' WHEN 'bridge' THEN 'BRIDGE'
	                 WHEN 'macvlan' THEN 'MACVLAN' WHEN 'sit' THEN 'IPV6_SIT' END,
	       'the network device ' || name, src_image, src_entry, src_offset
	FROM netdev
	UNION ALL
	SELECT CASE type WHEN 'time' THEN 'TIME_NS' WHEN 'user' THEN 'USER_NS' WHEN 'cgroup' THEN 'CGROUPS' END,
	       'a ' || type || ' namespace', src_image, src_entry, src_offset
	FROM namespace WHERE is_host = 0
	UNION ALL
	SELECT CASE kind WHEN 'shstk' THEN 'X86_USER_SHADOW_STACK' WHEN 'aio' THEN 'AIO' END,
	       'a mapping of kind ' || kind, src_image, src_entry, src_offset
	FROM vma WHERE kind IN ('shstk', 'aio')
	UNION ALL
	SELECT CASE fstype WHEN 'autofs' THEN 'AUTOFS_FS' WHEN 'binfmt_misc' THEN 'BINFMT_MISC'
	                   WHEN 'mqueue' THEN 'POSIX_MQUEUE' WHEN 'overlay' THEN 'OVERLAY_FS' END,
	       'a mount of ' || fstype, src_image, src_entry, src_offset
	FROM mount WHERE ext_key IS NULL
	UNION ALL
	SELECT 'SYSVIPC', 'System V ' || kind, src_image, src_entry, src_offset FROM sysv
	UNION ALL
	SELECT 'SECCOMP_FILTER', 'a seccomp filter', src_image, src_entry, src_offset FROM thread WHERE seccomp = 'filter'
	UNION ALL
	SELECT 'NF_CT_NETLINK', 'connections that are tracked', src_image, src_entry, src_offset FROM conntrack
	UNION ALL
	SELECT 'IPV6', 'an IPv6 socket', src_image, src_entry, src_offset FROM socket WHERE family = 'inet6')
SELECT n.what AS subject, NULL AS pid, NULL AS fd, n.src_image, n.src_entry, n.src_offset, n.option
FROM needs AS n JOIN host AS h ON h.name = 'config.' || n.option AND h.value = 'n'
GROUP BY n.option, n.what
