-- id: traced
-- severity: blocker
-- category: process
-- scope: live log
-- title: a task is being traced
-- message: process {pid} is traced by process {tracer_pid}
-- why: A task has one tracer, and CRIU must be it.
-- fix: detach the debugger, strace or profiler before the dump
-- see: criu compel infect.c
-- fires: process(pid=7, comm='x', tracer_pid=99)
-- quiet: process(pid=7, comm='x', tracer_pid=0)
-- quiet: process(pid=7, comm='x')
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, tracer_pid
FROM process
WHERE tracer_pid > 0
