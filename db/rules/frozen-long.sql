-- id: frozen-long
-- severity: note
-- category: process
-- scope: image
-- profiles: forensic=off
-- title: the container stood still for long
-- message: tasks were frozen for {seconds} s while they were dumped
-- why: Nothing is answered in that time: peers of connections give up, probes fail, clocks jump, leases run out.
-- fix: take memory beforehand by pre-dumps, so that less is left for the time when it stands still
-- fix podman: podman container checkpoint --pre-checkpoint, then --with-previous
-- fix runc: runc checkpoint --pre-dump, then --parent-path
-- see: criu stats.c
-- fires: stat(phase='dump', name='frozen_time', value=12000000, unit='us')
-- quiet: stat(phase='dump', name='frozen_time', value=2000000, unit='us')
-- quiet: stat(phase='dump', name='memdump_time', value=12000000, unit='us')
SELECT 'the dump' AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset,
       printf('%.1f', value / 1000000.0) AS seconds
FROM stat
WHERE phase = 'dump' AND name = 'frozen_time' AND value >= 10000000
