-- id: host-limit
-- severity: error
-- category: host
-- scope: host
-- title: a limit of the host
-- message: {who} needs {used}, and {sysctl} is {most}
-- why: The restore makes everything anew, and fails where the kernel's limit is lower than it was at the dump.
-- fix: sysctl -w {sysctl}={used}
-- see: criu cr-restore.c
-- fires: vma(pid=7, start=4096) vma(pid=7, start=8192) host(name='sysctl.vm.max_map_count', value='1', number=1)
-- fires: process(pid=70000) host(name='sysctl.kernel.pid_max', value='32768', number=32768)
-- fires: sysv(kind='shm', id=3, size=5000) host(name='sysctl.kernel.shmmax', value='4096', number=4096)
-- quiet: vma(pid=7, start=4096) host(name='sysctl.vm.max_map_count', value='1', number=1)
-- quiet: process(pid=7000) host(name='sysctl.kernel.pid_max', value='32768', number=32768)
-- quiet: sysv(kind='shm', id=3, size=5000) host(name='sysctl.kernel.shmmax', value='18446744073692774399')
WITH uses(sysctl, used, who, src_image, src_entry, src_offset) AS (
	SELECT 'vm.max_map_count', count(*), 'process ' || pid || ' with its mappings', min(src_image), NULL, NULL
	FROM vma GROUP BY pid
	UNION ALL
	SELECT 'kernel.pid_max', max(tid) + 1, 'thread ' || max(tid), src_image, src_entry, src_offset FROM thread
	UNION ALL
	SELECT 'kernel.pid_max', max(pid) + 1, 'process ' || max(pid), src_image, src_entry, src_offset FROM process
	UNION ALL
	SELECT 'fs.nr_open', max(fd) + 1, 'descriptor ' || max(fd) || ' of process ' || pid, src_image, src_entry, src_offset
	FROM fd
	UNION ALL
	SELECT 'fs.pipe-max-size', size, 'the pipe ' || id, src_image, src_entry, src_offset FROM pipe
	UNION ALL
	SELECT 'kernel.shmmax', size, 'shared memory ' || id, src_image, src_entry, src_offset FROM sysv WHERE kind = 'shm'
	UNION ALL
	SELECT 'kernel.msgmnb', qbytes, 'message queue ' || id, src_image, src_entry, src_offset FROM sysv WHERE kind = 'msg')
SELECT u.who AS subject, NULL AS pid, NULL AS fd, u.src_image, u.src_entry, u.src_offset, u.who, u.used, u.sysctl,
       h.number AS most
FROM uses AS u JOIN host AS h ON h.name = 'sysctl.' || u.sysctl AND u.used > h.number
GROUP BY u.sysctl, u.who
