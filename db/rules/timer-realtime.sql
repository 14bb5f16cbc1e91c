-- id: timer-realtime
-- severity: warning
-- category: time
-- scope: image live
-- profiles: same-host=note forensic=off
-- title: a timer for a moment of the clock
-- message: {kind} timer of process {pid} was set for a moment of {clock}
-- why: The image holds what remained of it. It goes off that long after the restore, later than it was meant to.
-- fix: the program must set it anew
-- see: criu timerfd.c
-- fires: timer(pid=9, kind='timerfd', clock='CLOCK_REALTIME', clock_id=0, armed=1, absolute=1)
-- quiet: timer(pid=9, kind='timerfd', clock='CLOCK_MONOTONIC', clock_id=1, armed=1, absolute=1)
-- quiet: timer(pid=9, kind='timerfd', clock='CLOCK_REALTIME', clock_id=0, armed=0, absolute=1)
SELECT kind || ' ' || coalesce(id, file_id, '') AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, kind, clock, remaining_ns
FROM timer
WHERE clock_id IN (0, 8) AND armed = 1 AND absolute = 1
