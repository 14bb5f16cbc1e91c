-- id: file-nfs
-- severity: warning
-- category: file
-- scope: image live
-- profiles: same-host=note forensic=off
-- title: a file that NFS keeps after its removal
-- message: {subject} was removed while it was open
-- why: The client renames such a file to .nfs and removes it when it is closed; another client does not know it.
-- fix: close the file before the dump
-- see: criu files-reg.c
-- fires: file(id=3, pid=7, type='reg', path='/mnt/.nfs000000000001')
-- quiet: file(id=3, pid=7, type='reg', path='/mnt/data')
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, mnt_id
FROM file
WHERE type = 'reg' AND path GLOB '*/.nfs[0-9a-f]*'
