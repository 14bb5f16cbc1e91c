-- id: timer-many
-- severity: warning
-- category: time
-- scope: image live
-- profiles: same-host=note forensic=off
-- title: timers with gaps in their numbers
-- message: process {pid} has {count} posix timers, numbered up to {largest}
-- why: A kernel before 6.15 counts them up, so CRIU makes and removes the missing ones.
-- fix: restore on Linux 6.15 or later
-- see: criu pie/restorer.c
-- fires: timer(pid=9, kind='posix', id=5)
-- quiet: timer(pid=9, kind='posix', id=0) timer(pid=9, kind='posix', id=1)
SELECT 'timers' AS subject, pid, NULL AS fd, min(src_image) AS src_image, NULL AS src_entry, NULL AS src_offset,
       count(*) AS count, max(id) AS largest
FROM timer
WHERE kind = 'posix'
GROUP BY pid
HAVING max(id) >= count(*)
