-- id: task-loginuid
-- severity: warning
-- category: security
-- scope: image live
-- profiles: same-host=note
-- group: loginuid
-- title: tasks of a login session
-- message: {n|process carries|processes carry} the audit login uid {loginuid}
-- why: It is set once and hard to change: CAP_AUDIT_CONTROL, and a kernel that allows it. It also says who started them.
-- fix: restore with CAP_AUDIT_CONTROL
-- see: criu cr-restore.c
-- fires: process(pid=9, comm='x', loginuid=1000)
-- quiet: process(pid=9, comm='x', loginuid=4294967295)
-- quiet: process(pid=9, comm='x')
SELECT comm AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, loginuid
FROM process
WHERE loginuid <> 4294967295
