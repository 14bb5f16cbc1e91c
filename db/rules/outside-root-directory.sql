-- id: outside-root-directory
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: forensic=error
-- title: a directory of the host is open
-- message: {what} of process {pid} is {subject}, outside of the container's root
-- why: A descriptor or working directory that leads to the host is a way out (CVE-2024-21626 in runc before 1.1.12).
-- fix: upgrade runc; find out who passed it in
-- attack: T1611
-- fires: checkpoint(producer='cri-o') mount(ns_id=13, mnt_id=5, mountpoint='/') process(pid=1, mnt_ns=13) file(id=3, pid=1, fds=1, type='reg', mode=0x41ed, path='/sys/fs/cgroup', mnt_id=99)
-- quiet: checkpoint(producer='cri-o') mount(ns_id=13, mnt_id=5, mountpoint='/') process(pid=1, mnt_ns=13) file(id=3, pid=1, fds=1, type='reg', mode=0x41ed, path='/data', mnt_id=5)
-- quiet: checkpoint(producer='criu') mount(ns_id=13, mnt_id=5, mountpoint='/') process(pid=1, mnt_ns=13) file(id=3, pid=1, fds=1, type='reg', mode=0x41ed, path='/data', mnt_id=99)
-- quiet: checkpoint(producer='cri-o') mount(ns_id=13, mnt_id=5, mountpoint='/') file(id=3, pid=1, fds=1, type='reg', mode=0x41ed, path='/data', mnt_id=-1)
SELECT f.path AS subject, f.pid AS pid, NULL AS fd, f.src_image, f.src_entry, f.src_offset, 'a descriptor' AS what, f.mnt_id
FROM checkpoint AS c CROSS JOIN file AS f
WHERE c.producer <> 'criu' AND f.type = 'reg' AND f.fds > 0 AND f.mode & 0xf000 = 0x4000 AND f.mnt_id > 0
  AND f.mnt_id NOT IN (SELECT mnt_id FROM mount) AND EXISTS (SELECT 1 FROM mount)
