-- id: sigtrap-pending
-- severity: error
-- category: process
-- scope: live log
-- title: a SIGTRAP waits
-- message: thread {tid} of process {pid} has a SIGTRAP to come
-- why: CRIU uses that signal itself.
-- fix: try again
-- see: criu compel infect.c
-- fires: signal(pid=7, tid=7, signal=5)
-- quiet: signal(pid=7, tid=7, signal=10)
-- quiet: signal(pid=7, signal=5)
SELECT 'thread ' || tid AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, tid
FROM signal
WHERE signal = 5 AND tid IS NOT NULL
