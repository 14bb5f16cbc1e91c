-- id: file-lease
-- severity: warning
-- category: file
-- scope: image live
-- profiles: same-host=note forensic=off
-- title: a lease on a file
-- message: {subject} is leased ({lease})
-- why: A lease that is being broken comes back in that state, and the program is told again.
-- fix: restore with --file-locks
-- see: criu file-lock.c
-- fires: lock(pid=7, fd=3, kind='lease', mode='read', path='/tmp/x', breaking=0)
-- quiet: lock(pid=7, fd=3, kind='flock', mode='shared', path='/tmp/x', breaking=0)
SELECT coalesce(path, 'fd ' || fd) AS subject, pid, fd, src_image, src_entry, src_offset,
       mode || iif(breaking, ', and somebody waits for it', '') AS lease
FROM lock
WHERE kind = 'lease'
