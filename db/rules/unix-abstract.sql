-- id: unix-abstract
-- severity: note
-- category: network
-- scope: image live
-- group: pid
-- title: abstract unix sockets
-- message: {n|socket|sockets} with abstract names: {list}
-- why: Abstract names are unique in a network namespace. Where that is shared, with the host or within a pod, a second
--   copy cannot bind the name, and anybody in the namespace can connect.
-- fix: nothing to do where the container has a network of its own
-- see: criu sk-unix.c
-- fires: socket(id=5, pid=7, family='unix', type='stream', state='LISTEN', local='@x')
-- quiet: socket(id=5, pid=7, family='unix', type='stream', state='LISTEN', local='/tmp/x')
SELECT local AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, type, state
FROM socket
WHERE family = 'unix' AND local LIKE '@%' AND external IS NOT 1
