-- id: file-lock-held
-- severity: error
-- category: file
-- scope: live log
-- assume: file-locks
-- group: pid
-- title: locks on files
-- message: {n|lock|locks}: {list}
-- why: CRIU dumps locks only where it is told to, as somebody else may take them meanwhile.
-- fix: dump and restore with --file-locks
-- fix podman: podman container checkpoint --file-locks
-- fix containerd: put file-locks into /etc/criu/runc.conf
-- see: criu file-lock.c
-- fires: lock(pid=7, fd=3, kind='flock', mode='exclusive', path='/tmp/x')
-- fires: lock(pid=7, fd=3, kind='lease', mode='read', path='/tmp/x')
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/tmp/x')
SELECT coalesce(path, 'fd ' || fd) AS subject, pid, fd, src_image, src_entry, src_offset, kind, mode
FROM lock
