-- id: exec-session-left
-- severity: note
-- category: forensics
-- scope: image live
-- profiles: forensic=warning
-- title: a session that did not begin with the container
-- message: process {pid} ({comm}) leads a session of its own, and its parent is outside or is process 1
-- why: kubectl exec and the like put a process beside the container's own. It is part of the checkpoint now.
-- fix: end exec sessions before the dump
-- fires: process(pid=1, ppid=0, sid=1, comm='init') process(pid=20, ppid=1, sid=20, comm='bash') tty(id=1, type='pty', sid=20)
-- quiet: process(pid=1, ppid=0, sid=1, comm='init') process(pid=20, ppid=1, sid=1, comm='worker')
-- quiet: process(pid=1, ppid=0, sid=1, comm='init') process(pid=20, ppid=1, sid=20, comm='worker')
SELECT p.comm AS subject, p.pid AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset, p.comm, p.sid
FROM process AS p JOIN tty AS t ON t.sid = p.sid
WHERE p.pid = p.sid AND p.ppid IN (0, 1) AND p.pid <> 1
