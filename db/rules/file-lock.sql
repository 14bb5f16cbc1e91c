-- id: file-lock
-- severity: warning
-- category: file
-- scope: image
-- assume: file-locks
-- group: pid
-- title: locks on files
-- message: {n|lock|locks}: {list}
-- why: Without the option at restore they are left out, and nothing says so: two programs may then write at once.
-- fix: restore with --file-locks
-- fix podman: podman container restore --file-locks
-- fix cri-o: CRI-O dumps locks and does not restore them; put file-locks into /etc/criu/runc.conf (or crun.conf)
-- fix containerd: put file-locks into /etc/criu/runc.conf on the node that restores
-- see: criu file-lock.c
-- fires: lock(pid=7, fd=3, kind='flock', mode='exclusive', path='/tmp/x')
-- quiet: lock(pid=7, fd=3, kind='lease', mode='read', path='/tmp/x')
SELECT coalesce(path, 'fd ' || fd) AS subject, pid, fd, src_image, src_entry, src_offset, kind, mode, path
FROM lock
WHERE kind <> 'lease'
