-- id: itimer
-- severity: note
-- category: time
-- scope: image live
-- profiles: forensic=off
-- group: pid
-- title: interval timers
-- message: {n|interval timer|interval timers}: {list}
-- why: What remained of them is restored.
-- fix: nothing to do
-- see: criu cr-restore.c
-- fires: timer(pid=7, kind='itimer', name='real', armed=1)
-- quiet: timer(pid=7, kind='itimer', name='real', armed=0)
-- quiet: timer(pid=7, kind='posix', armed=1)
SELECT name AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, remaining_ns, interval_ns
FROM timer
WHERE kind = 'itimer' AND armed = 1
