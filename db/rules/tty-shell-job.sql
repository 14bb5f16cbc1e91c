-- id: tty-shell-job
-- severity: error
-- category: process
-- scope: image live log
-- assume: shell-job
-- profiles: forensic=off
-- title: the root task belongs to somebody else's session
-- message: process {pid} is in session {sid}, which it does not lead
-- why: It was started from a shell whose session is not in the checkpoint. The restored task needs a session and a
--   terminal to be in.
-- fix: dump and restore with --shell-job, from a shell of its own
-- see: criu pstree.c, https://criu.org/Advanced_usage
-- fires: process(pid=50, ppid=0, sid=40, comm='top')
-- quiet: process(pid=50, ppid=0, sid=50, comm='top')
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, sid, pgid
FROM process
WHERE ppid = 0 AND sid <> pid
