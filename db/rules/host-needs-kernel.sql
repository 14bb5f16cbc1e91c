-- id: host-needs-kernel
-- severity: error
-- category: host
-- scope: host
-- group: since
-- title: a kernel that is too old for the checkpoint
-- message: Linux {since} brought what {n|a mapping or thread|mappings or threads} here {n|needs|need}, and the host has {kernel}: {list}
-- why: What is in the images can only be made anew by a kernel that knows it. Distributions bring features back to older
--   kernels, so this is by the version alone.
-- fix: restore on Linux {since} or later
-- see: criu cr-check.c
-- fires: vma(pid=7, start=4096, kind='guard') host(name='kernel', value='6.1.0', number=6001000)
-- fires: thread(pid=7, tid=7, rseq_address=4096) host(name='kernel', value='5.10.0', number=5010000)
-- quiet: vma(pid=7, start=4096, kind='guard') host(name='kernel', value='6.13.0', number=6013000)
-- quiet: thread(pid=7, tid=7, rseq_address=0) host(name='kernel', value='5.10.0', number=5010000)
WITH needs(version, since, what, src_image, src_entry, src_offset) AS (
	SELECT 6013000, '6.13', 'guard pages of process ' || pid, src_image, src_entry, src_offset
	FROM vma WHERE kind = 'guard'
	UNION ALL
	SELECT 6006000, '6.6', 'a shadow stack of process ' || pid, src_image, src_entry, src_offset
	FROM vma WHERE kind = 'shstk'
	UNION ALL
	SELECT 5013000, '5.13', 'restartable sequences of process ' || pid, src_image, src_entry, src_offset
	FROM thread WHERE rseq_address <> 0
	UNION ALL
	SELECT 5006000, '5.6', 'a time namespace', src_image, src_entry, src_offset
	FROM namespace WHERE type = 'time' AND is_host = 0
	UNION ALL
	SELECT 5003000, '5.3', 'a pidfd', src_image, src_entry, src_offset FROM file WHERE type = 'pidfd')
SELECT n.what AS subject, NULL AS pid, NULL AS fd, n.src_image, n.src_entry, n.src_offset, n.since,
       h.value AS kernel
FROM needs AS n JOIN host AS h ON h.name = 'kernel' AND h.number < n.version
GROUP BY n.since, n.what
