-- id: cwd-unreachable
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: forensic=error
-- title: a working directory that is not below the root
-- message: process {pid} ({comm}) has the root {root} and works in {cwd}
-- why: After chroot(2) a working directory that stayed outside is the classic way out.
-- fix: find out who started it
-- attack: T1611
-- fires: process(pid=7, comm='x', root='/jail', cwd='/etc')
-- quiet: process(pid=7, comm='x', root='/', cwd='/etc')
-- quiet: process(pid=7, comm='x', root='/jail', cwd='/jail/etc')
-- quiet: process(pid=7, comm='x', root='/jail', cwd='/jail')
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, comm, root, cwd
FROM process
WHERE root <> '/' AND cwd <> root AND substr(cwd, 1, length(root) + 1) <> root || '/'
