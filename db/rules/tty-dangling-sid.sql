-- id: tty-dangling-sid
-- severity: error
-- category: process
-- scope: live log
-- assume: shell-job
-- title: a terminal of somebody else's session
-- message: the session {sid} of {subject} has no leader among the tasks
-- why: The tasks were started from a shell, whose session is not in the dump.
-- fix: dump and restore with --shell-job, or detach the tasks from the terminal (setsid, </dev/null)
-- fix runc: runc checkpoint --shell-job
-- see: https://criu.org/Simple_loop
-- fires: tty(id=34816, type='pty', index=0, sid=40) process(pid=50, ppid=0, sid=40)
-- quiet: tty(id=34816, type='pty', index=0, sid=50) process(pid=50, ppid=0, sid=50)
SELECT CASE WHEN "index" IS NULL THEN type ELSE '/dev/pts/' || "index" END AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, sid
FROM tty
WHERE sid > 0 AND sid NOT IN (SELECT pid FROM process)
