-- id: timer-alarm-clock
-- severity: warning
-- category: time
-- scope: image live
-- profiles: other-host=error forensic=off
-- title: a timer that wakes the machine
-- message: {kind} timer of process {pid} is one of {clock}
-- why: It takes CAP_WAKE_ALARM and a real-time clock that can wake the machine.
-- fix: restore with CAP_WAKE_ALARM
-- see: criu timerfd.c
-- fires: timer(pid=9, kind='timerfd', clock='CLOCK_BOOTTIME_ALARM', clock_id=9, armed=1)
-- quiet: timer(pid=9, kind='timerfd', clock='CLOCK_MONOTONIC', clock_id=1, armed=1)
SELECT kind || ' ' || coalesce(id, file_id, '') AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, kind, clock
FROM timer
WHERE clock_id IN (8, 9)
