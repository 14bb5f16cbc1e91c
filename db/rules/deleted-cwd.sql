-- id: deleted-cwd
-- severity: note
-- category: forensics
-- scope: image live
-- profiles: forensic=warning
-- title: a working directory that was removed
-- message: process {pid} ({comm}) works in {subject}, which was removed
-- why: It happens when things are cleaned up; it is also what is left of a tool that removed where it came from.
-- fix: nothing to do; CRIU makes the directory for it
-- attack: T1070.004
-- fires: process(pid=7, comm='x', cwd='/tmp/x', cwd_file_id=3) file(id=3, image_id=3, type='reg', path='/tmp/x', deleted=1)
-- quiet: process(pid=7, comm='x', cwd='/tmp/x', cwd_file_id=3) file(id=3, image_id=3, type='reg', path='/tmp/x', deleted=0)
SELECT p.cwd AS subject, p.pid AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset, p.comm
FROM process AS p JOIN file AS f ON f.id = p.cwd_file_id
WHERE f.deleted = 1
