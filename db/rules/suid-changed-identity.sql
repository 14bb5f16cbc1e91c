-- id: suid-changed-identity
-- severity: warning
-- category: forensics
-- scope: image live
-- title: a task that runs with another identity than it was started with
-- message: process {pid} ({comm}) has uid {uid} and acts as {euid}
-- why: A setuid program, or one that has raised its privileges.
-- fix: look at the program
-- attack: T1548.001
-- fires: process(pid=7, comm='x', uid=1000, euid=0, state='alive')
-- quiet: process(pid=7, comm='x', uid=1000, euid=1000, state='alive')
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, comm, uid, euid, exe
FROM process
WHERE uid <> euid AND euid = 0
