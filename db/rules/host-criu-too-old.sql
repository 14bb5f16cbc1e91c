-- id: host-criu-too-old
-- severity: error
-- category: host
-- scope: host
-- title: a CRIU that is older than this kernel
-- message: CRIU {criu} cannot dump internet sockets on Linux {kernel}
-- why: Since Linux 6.16 SO_PASSCRED is an option of unix sockets alone. CRIU before 4.2 asks for it of every socket,
--   and gives up.
-- fix: use CRIU 4.2 or later
-- see: criu sockets.c
-- fires: host(name='kernel', value='6.16.3', number=6016003) host(name='version.criu', value='4.1.1-1', number=4001001)
-- quiet: host(name='kernel', value='6.15.3', number=6015003) host(name='version.criu', value='4.1.1-1', number=4001001)
-- quiet: host(name='kernel', value='6.16.3', number=6016003) host(name='version.criu', value='4.2-1', number=4002000)
SELECT 'CRIU ' || c.value AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry,
       NULL AS src_offset, c.value AS criu, k.value AS kernel
FROM host AS c JOIN host AS k ON k.name = 'kernel'
WHERE c.name = 'version.criu' AND c.number < 4002000 AND k.number >= 6016000
