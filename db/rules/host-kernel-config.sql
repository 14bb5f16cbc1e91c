-- id: host-kernel-config
-- severity: error
-- category: host
-- scope: host
-- group: all
-- title: the kernel was built without what CRIU needs
-- message: {n|option is|options are} not set: {list}
-- why: CRIU finds sockets by the diag interfaces, files by their handles, and everything else by what the kernel tells
--   with CHECKPOINT_RESTORE. Dumps and restores fail where one of them is missing.
-- fix: use a kernel that was built with them; distributions' kernels are
-- see: criu cr-check.c
-- fires: host(name='config.CHECKPOINT_RESTORE', value='n', source='/proc/config.gz')
-- quiet: host(name='config.CHECKPOINT_RESTORE', value='y', source='/proc/config.gz')
-- quiet: host(name='config.UNIX_DIAG', value='m', source='/proc/config.gz')
-- quiet: host(name='config.TUN', value='n', source='/proc/config.gz')
SELECT 'CONFIG_' || substr(name, 8) AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry,
       NULL AS src_offset, source
FROM host
WHERE value = 'n' AND name IN ('config.CHECKPOINT_RESTORE', 'config.NAMESPACES', 'config.UTS_NS', 'config.IPC_NS',
                               'config.PID_NS', 'config.NET_NS', 'config.FHANDLE', 'config.EVENTFD', 'config.EPOLL',
                               'config.INOTIFY_USER', 'config.UNIX_DIAG', 'config.INET_DIAG', 'config.INET_UDP_DIAG',
                               'config.PACKET_DIAG', 'config.NETLINK_DIAG')
