-- id: session-missing-leader
-- severity: note
-- category: process
-- scope: image live
-- profiles: forensic=off
-- group: sid
-- title: a session whose leader is gone
-- message: {n|process is|processes are} in session {sid}, whose leader is not here: {list}
-- why: CRIU starts a helper with that id and lets it end. The id must be free.
-- fix: nothing to do in a pid namespace of its own
-- see: criu pstree.c
-- fires: process(pid=1, ppid=0, sid=1, comm='init') process(pid=9, ppid=1, sid=8, comm='x')
-- quiet: process(pid=1, ppid=0, sid=1, comm='init') process(pid=9, ppid=1, sid=9, comm='x')
SELECT p.comm AS subject, p.pid AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset, p.sid
FROM process AS p LEFT JOIN process AS leader ON leader.pid = p.sid
WHERE leader.pid IS NULL AND p.sid > 0 AND p.ppid <> 0
