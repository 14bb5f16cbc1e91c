-- id: comm-differs
-- severity: note
-- category: forensics
-- scope: image live
-- title: tasks with another name than their executable
-- message: {n|process runs|processes run} under another name: {list}
-- group: all
-- why: Interpreters, workers and multi-call programs do; malware that imitates a service does, too.
-- fix: compare with what the program is known to do
-- attack: T1036.005
-- fires: process(pid=7, comm='sshd', exe='/tmp/x')
-- quiet: process(pid=7, comm='nginx', exe='/usr/sbin/nginx')
-- quiet: process(pid=7, comm='a-very-long-nam', exe='/usr/bin/a-very-long-name-of-a-program')
-- quiet: process(pid=7, comm='sh', exe='/bin/busybox')
SELECT comm || ' is ' || exe || ' (' || pid || ')' AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset
FROM process
WHERE exe IS NOT NULL AND exe NOT LIKE '/memfd:%' AND exe NOT LIKE '%busybox' AND exe NOT LIKE '%/dash' AND exe NOT LIKE '%/bash'
  AND substr(replace(exe, rtrim(exe, replace(exe, '/', '')), ''), 1, 15) <> comm
