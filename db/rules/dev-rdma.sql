-- id: dev-rdma
-- severity: blocker
-- category: device
-- scope: live log
-- over: dev-char-unsupported
-- title: an RDMA device
-- message: {subject} is open
-- why: Queues and registered memory live in the adapter.
-- fix: tear the connections down before the dump
-- see: criu files-ext.c
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/dev/infiniband/uverbs0', mode=0x21b6)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/dev/null', mode=0x21b6)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, printf('0%o', mode) AS mode
FROM file
WHERE path LIKE '/dev/infiniband/%' OR path LIKE 'anon_inode:[[]infiniband%'
