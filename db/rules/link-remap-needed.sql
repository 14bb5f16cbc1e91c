-- id: link-remap-needed
-- severity: error
-- category: file
-- scope: live log
-- assume: link-remap
-- title: a removed file that still has another name
-- message: {subject} was removed, and the file has other names ({links})
-- why: CRIU would make another link to it for the time being, and does so only where it is told to.
-- fix: dump and restore with --link-remap
-- fix runc: runc checkpoint --link-remap
-- fix podman: put link-remap into /etc/criu/runc.conf or crun.conf
-- fix cri-o: put link-remap into /etc/criu/runc.conf or crun.conf
-- fix containerd: put link-remap into /etc/criu/runc.conf
-- see: criu files-reg.c
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/x', deleted=1, remap='linked', links=1)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/x', deleted=1, remap='ghost', links=0)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/x', deleted=1, remap='linked')
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, links
FROM file
WHERE type = 'reg' AND remap = 'linked' AND links > 0
