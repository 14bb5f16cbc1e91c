-- id: timer-cpu-clock
-- severity: note
-- category: time
-- scope: image live
-- profiles: forensic=off
-- group: pid
-- title: timers of CPU time
-- message: {n|timer|timers} of clocks that count CPU time: {list}
-- why: CPU time begins at zero again, so what was set for a moment of it comes later.
-- fix: the program must set them anew
-- see: criu pie/restorer.c
-- fires: timer(pid=7, kind='posix', clock='CLOCK_PROCESS_CPUTIME_ID', clock_id=2, armed=1)
-- quiet: timer(pid=7, kind='posix', clock='CLOCK_MONOTONIC', clock_id=1, armed=1)
SELECT coalesce(clock, 'clock ' || clock_id) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, id, remaining_ns
FROM timer
WHERE clock_id IN (2, 3) OR clock_id < 0
