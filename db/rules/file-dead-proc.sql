-- id: file-dead-proc
-- severity: note
-- category: file
-- scope: image
-- profiles: forensic=off
-- title: a file in /proc of a process that is gone
-- message: {subject} belongs to process {remap_id}, which CRIU starts and ends again for it
-- why: The pid must be free for that moment.
-- fix: nothing to do in a pid namespace of its own
-- see: criu files-reg.c
-- fires: file(id=3, pid=7, type='reg', path='/proc/99/stat', remap='procfs', remap_id=99)
-- quiet: file(id=3, pid=7, type='reg', path='/proc/7/stat')
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, remap_id
FROM file
WHERE remap = 'procfs'
