-- id: no-new-privs
-- severity: note
-- category: security
-- scope: image live
-- profiles: same-host=off forensic=off
-- group: all
-- title: tasks that can gain no privileges
-- message: {n|process|processes} with no_new_privs: {list}
-- why: It is restored.
-- fix: nothing to do
-- see: criu pie/restorer.c
-- fires: process(pid=7, comm='x', no_new_privs=1)
-- quiet: process(pid=7, comm='x', no_new_privs=0)
SELECT comm AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset
FROM process
WHERE no_new_privs = 1
