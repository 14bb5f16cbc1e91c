-- id: file-unknown-mount
-- severity: error
-- category: file
-- scope: live log
-- title: an open file of no mount that is here
-- message: {subject} is on mount {mnt_id}, which is none of the tasks'
-- why: The file was opened outside and passed in: standard output that was redirected to a file of the host, most often.
-- fix: run the container with pipes or a terminal (-d, or a console socket); declare the file with --external 'file[MNT:INO]'
-- see: criu files-reg.c
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/secretmem', mnt_id=9) mount(ns_id=1, mnt_id=4, parent_id=1, mountpoint='/')
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/x', mnt_id=4) mount(ns_id=1, mnt_id=4, parent_id=1, mountpoint='/')
-- quiet: file(id=3, pid=7, fds=1, type='memfd', path='/memfd:x', mnt_id=9) mount(ns_id=1, mnt_id=4, parent_id=1, mountpoint='/')
-- fires: file(id=3, type='reg', path='/bin/x', mnt_id=9) mount(ns_id=1, mnt_id=4, parent_id=1, mountpoint='/')
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/x', mnt_id=9)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, mnt_id
FROM file
WHERE type IN ('reg', 'fifo') AND mnt_id > 0 AND path NOT LIKE '/anon_hugepage%'
  AND mnt_id NOT IN (SELECT mnt_id FROM mount) AND EXISTS (SELECT 1 FROM mount)
