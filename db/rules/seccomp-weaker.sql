-- id: seccomp-weaker
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: forensic=error
-- title: a task that escaped its siblings' seccomp filter
-- message: process {pid} ({comm}) has no filter, and {filtered|other has|others have} one
-- why: A filter is inherited and cannot be taken off. A task without one came in from outside, as exec sessions do.
-- fix: find out who started it
-- attack: T1611
-- fires: process(pid=1, comm='a', seccomp='filter', state='alive') process(pid=7, comm='x', seccomp='disabled', state='alive')
-- quiet: process(pid=1, comm='a', seccomp='filter', state='alive') process(pid=7, comm='x', seccomp='filter', state='alive')
-- quiet: process(pid=1, comm='a', seccomp='disabled', state='alive') process(pid=7, comm='x', seccomp='filter', state='alive')
SELECT p.comm AS subject, p.pid AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset, p.comm,
       (SELECT count(*) FROM process WHERE seccomp = 'filter') AS filtered
FROM process AS p
WHERE p.seccomp = 'disabled' AND p.state <> 'zombie' AND EXISTS (SELECT 1 FROM process AS root WHERE root.ppid = 0 AND root.seccomp = 'filter')
   OR p.seccomp = 'disabled' AND p.state <> 'zombie' AND EXISTS (SELECT 1 FROM process AS root WHERE root.pid = 1 AND root.seccomp = 'filter')
