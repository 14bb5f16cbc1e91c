-- id: sock-foreign-netns
-- severity: error
-- category: network
-- scope: live log
-- title: a socket of another network namespace
-- message: {subject}
-- why: It was passed in from outside, as socket activation does.
-- fix: close it, or dump together with that namespace
-- see: criu net.c
-- fires: socket(id=5, pid=7, family='unix', ino=5) socket(id=6, pid=7, family='unix', ino=6, ns_id=10)
-- quiet: socket(id=5, pid=7, family='unix', ino=5, ns_id=10) socket(id=6, pid=7, family='unix', ino=6, ns_id=10)
-- quiet: socket(id=5, pid=7, family='inet', ino=5) socket(id=6, pid=7, family='unix', ino=6, ns_id=10)
-- quiet: socket(id=5, pid=7, family='unix', ino=5)
SELECT 'unix socket ' || ino AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, local, remote
FROM socket
WHERE family = 'unix' AND ns_id IS NULL -- of these alone the kernel lists all that a namespace has
  AND EXISTS (SELECT 1 FROM socket WHERE family = 'unix' AND ns_id IS NOT NULL)
