-- id: mem-overcommit
-- severity: note
-- category: memory
-- scope: image live
-- profiles: forensic=off
-- title: much memory
-- message: {bytes} bytes of memory are brought back
-- why: They are written to the tasks before anything runs, and count against the limit of the container.
-- fix: see that the host, and the memory limit of the container, have room
-- see: criu mem.c
-- fires: process(pid=1, bytes_present=2000000000)
-- quiet: process(pid=1, bytes_present=20000)
SELECT 'memory' AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry, NULL AS src_offset,
       sum(bytes_present) AS bytes
FROM process
HAVING sum(bytes_present) > 1073741824
