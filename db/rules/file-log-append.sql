-- id: file-log-append
-- severity: note
-- category: file
-- scope: image
-- profiles: forensic=off
-- group: all
-- title: logs that are written at their end
-- message: {n|file is|files are} open for appending only: {list}
-- why: Of these CRIU records no size, because logs go on to grow. What was written after the dump stays in them, so that
--   after a restore the program's own history is there twice.
-- fix: nothing to do; truncate or rotate the logs where that matters
-- see: criu files-reg.c
-- fires: file(id=3, type='reg', path='/var/log/x', flags=0x8401)
-- quiet: file(id=3, type='reg', path='/var/log/x', flags=0x8402)
-- quiet: file(id=3, type='reg', path='/var/log/x', flags=0x8001)
-- quiet: file(id=3, type='reg', path='/var/log/x', flags=0x8401, deleted=1)
SELECT path AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset
FROM file
WHERE type = 'reg' AND flags & 3 = 1 AND flags & 0x400 AND deleted IS NOT 1 AND path NOT LIKE '/dev/%'
GROUP BY path
