-- id: fd-dangling
-- severity: blocker
-- category: integrity
-- scope: image
-- profiles: forensic=warning
-- title: a descriptor of a file that is not there
-- message: descriptor {fd} of process {pid} refers to a file that no image describes
-- why: The images contradict each other.
-- fix: copy the checkpoint again, or dump again
-- see: criu files.c
-- fires: fd(pid=7, fd=3, type=NULL)
-- quiet: fd(pid=7, fd=3, type='reg', file_id=3)
SELECT 'fd ' || fd AS subject, pid, fd, src_image, src_entry, src_offset
FROM fd
WHERE type IS NULL AND file_id IS NULL
