-- id: seccomp-off
-- severity: note
-- category: forensics
-- scope: image live
-- profiles: forensic=warning
-- group: all
-- title: no seccomp filter
-- message: {n|process may|processes may} make every system call: {list}
-- why: Engines filter system calls unless a container is privileged or asks for none.
-- fix: run the container with a seccomp profile
-- fires: checkpoint(producer='podman') process(pid=1, comm='x', seccomp='disabled', state='alive')
-- quiet: checkpoint(producer='podman') process(pid=1, comm='x', seccomp='filter', state='alive')
-- quiet: checkpoint(producer='criu') process(pid=1, comm='x', seccomp='disabled', state='alive')
SELECT p.comm AS subject, NULL AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset
FROM checkpoint AS c CROSS JOIN process AS p
WHERE c.producer IN ('podman', 'cri-o', 'containerd', 'docker', 'ctr') AND p.seccomp = 'disabled' AND p.state <> 'zombie'
