-- id: tcp-unsent-data
-- severity: warning
-- category: network
-- scope: image live
-- profiles: same-host=note
-- group: pid
-- title: data waits in TCP queues
-- message: {n|TCP socket holds|TCP sockets hold} data that was received and not read, or written and not acknowledged: {list}
-- why: The bytes are in the image and are put back into the queues. Where time has passed, both sides may have given
--   them up; they are also evidence of what was being said.
-- fix: nothing to do where the connections are restored at once; "coldcase carve --what tcp" writes the data of a
--   checkpoint out
-- see: criu sk-tcp.c
-- fires: socket(pid=7, family='inet', proto='tcp', state='ESTABLISHED', local='10.0.0.2:80', inq_bytes=3, outq_bytes=0)
-- quiet: socket(pid=7, family='inet', proto='tcp', state='ESTABLISHED', local='10.0.0.2:80', inq_bytes=0, outq_bytes=0)
-- quiet: socket(pid=7, family='unix', state='ESTABLISHED', local='@x', inq_bytes=10, outq_bytes=0)
SELECT local AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, inq_bytes, outq_bytes, unsent_bytes
FROM socket
WHERE proto = 'tcp' AND (inq_bytes > 0 OR outq_bytes > 0)
