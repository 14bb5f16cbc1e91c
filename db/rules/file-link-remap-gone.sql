-- id: file-link-remap-gone
-- severity: warning
-- category: file
-- scope: image
-- over: file-link-remap
-- profiles: other-host=error other-pod=error forensic=off
-- title: a hard link that was taken away again
-- message: {subject} comes back through the hard link link_remap.{remap_id}, which a dump of a running container removes at its end
-- why: Kubernetes leaves the container running, and CRIU then cleans up the links that it made. The restore says that
--   it cannot open the file.
-- fix: avoid removed files with a second name; close them before the dump
-- see: criu files-reg.c, cr-dump.c
-- fires: checkpoint(producer='containerd') file(id=3, pid=7, type='reg', path='/tmp/x', deleted=1, remap='linked', remap_id=19)
-- quiet: checkpoint(producer='runc') file(id=3, pid=7, type='reg', path='/tmp/x', deleted=1, remap='linked', remap_id=19)
-- quiet: checkpoint(producer='containerd') file(id=3, pid=7, type='reg', path='/tmp/x', deleted=1, remap='ghost', remap_id=19)
SELECT f.path AS subject, f.pid AS pid, NULL AS fd, f.src_image, f.src_entry, f.src_offset, f.remap_id, c.producer
FROM checkpoint AS c CROSS JOIN file AS f
WHERE c.producer IN ('cri-o', 'containerd') AND f.remap = 'linked'
