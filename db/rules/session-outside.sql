-- id: session-outside
-- severity: blocker
-- category: process
-- scope: live log
-- title: a session whose leader is in another pid namespace
-- message: process {pid} ({subject}) is in a session that began outside of its pid namespace
-- why: kubectl exec and nsenter start processes like that.
-- fix: start such processes with setsid, or end them before the dump
-- see: criu cr-dump.c
-- fires: process(pid=50, ppid=0, comm='x', inner_sid=0)
-- quiet: process(pid=50, ppid=0, comm='x', inner_sid=1)
-- quiet: process(pid=50, ppid=0, comm='x')
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, sid
FROM process
WHERE inner_sid = 0 AND state IS NOT 'zombie'
