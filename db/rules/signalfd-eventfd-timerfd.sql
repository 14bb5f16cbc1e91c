-- id: signalfd-eventfd-timerfd
-- severity: note
-- category: file
-- scope: image live
-- profiles: same-host=off forensic=off
-- group: type
-- title: event descriptors
-- message: {n|file|files} of type {type}
-- why: They come back with their counters, masks and times.
-- fix: nothing to do
-- see: criu eventfd.c
-- fires: file(id=3, pid=7, fds=1, type='eventfd')
-- quiet: file(id=3, pid=7, fds=1, type='pipe')
SELECT type || ' ' || id AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, type
FROM file
WHERE type IN ('eventfd', 'signalfd', 'timerfd', 'eventpoll')
