-- id: timens-offsets
-- severity: note
-- category: time
-- scope: image
-- profiles: same-host=off other-host=note forensic=off
-- title: clocks that go on
-- message: a time namespace makes CLOCK_MONOTONIC go on from {monotonic} ns
-- why: Linux has time namespaces since 5.6; before that the clocks jump.
-- fix: restore on Linux 5.6 or later
-- see: criu timens.c
-- fires: namespace(type='time', id=5, monotonic=100, boottime=100)
-- quiet: namespace(type='time', id=5)
SELECT 'time namespace ' || id AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, monotonic, boottime
FROM namespace
WHERE type = 'time' AND monotonic IS NOT NULL
