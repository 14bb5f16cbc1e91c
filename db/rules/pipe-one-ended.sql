-- id: pipe-one-ended
-- severity: warning
-- category: file
-- scope: image live
-- assume: external
-- group: pid
-- title: pipes whose other end is outside
-- message: {n|pipe|pipes} with one end here: {list}
-- why: The other end was held by somebody outside. After the restore a reader sees the end of the file, a writer gets
--   SIGPIPE, unless the end is handed over.
-- fix: hand the other end over with --inherit-fd 'fd[N]:pipe[ID]'; runtimes do so for standard input, output and error
-- see: criu pipes.c
-- fires: pipe(id=100, pid=7, kind='pipe', path='pipe:[100]', readers=0, writers=1)
-- quiet: pipe(id=100, pid=7, kind='pipe', path='pipe:[100]', readers=1, writers=1)
-- quiet: pipe(id=100, pid=7, kind='fifo', path='/tmp/f', readers=0, writers=1)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, readers, writers, bytes
FROM pipe
WHERE kind = 'pipe' AND (readers = 0) <> (writers = 0)
