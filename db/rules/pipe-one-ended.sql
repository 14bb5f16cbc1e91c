-- id: pipe-one-ended
-- severity: warning
-- category: file
-- scope: image live
-- assume: external
-- group: pid
-- title: pipes whose other end is outside or closed
-- message: {n|pipe|pipes} with one end here: {list}
-- why: Somebody outside holds the other end, or nobody any more; no image tells which. After the restore a reader sees
--   the end of the file, a writer gets SIGPIPE: as before where the end was closed, else unless it is handed over.
-- fix: nothing to do where the other end was closed; else hand it over with --inherit-fd 'fd[N]:pipe[ID]', as runtimes
--   do for standard input, output and error
-- see: criu pipes.c
-- fires: pipe(id=100, pid=7, kind='pipe', path='pipe:[100]', readers=0, writers=1)
-- quiet: pipe(id=100, pid=7, kind='pipe', path='pipe:[100]', readers=1, writers=1)
-- quiet: pipe(id=100, pid=7, kind='fifo', path='/tmp/f', readers=0, writers=1)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, readers, writers, bytes
FROM pipe
WHERE kind = 'pipe' AND (readers = 0) <> (writers = 0)
