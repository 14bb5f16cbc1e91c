-- id: foreign-task-in-cgroup
-- severity: warning
-- category: process
-- scope: live log
-- title: a process that does not belong to the container
-- message: process {pid} ({subject}) descends from nobody in the container
-- why: An exec session or a probe runs in its cgroup.
-- fix: end exec sessions before the dump
-- see: criu seize.c
-- fires: process(pid=1, ppid=0, comm='a') process(pid=9, ppid=70, comm='sh')
-- quiet: process(pid=1, ppid=0, comm='a') process(pid=9, ppid=1, comm='sh')
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, ppid
FROM process AS p
WHERE ppid > 0 AND NOT EXISTS (SELECT 1 FROM process AS parent WHERE parent.pid = p.ppid)
