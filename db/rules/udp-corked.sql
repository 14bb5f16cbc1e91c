-- id: udp-corked
-- severity: error
-- category: network
-- scope: live log
-- title: a datagram that is being put together
-- message: {subject}: {outq_bytes} bytes wait to be sent
-- why: With UDP_CORK or MSG_MORE a datagram waits in the kernel until it is complete.
-- fix: send it before the dump, or try again
-- see: criu sk-inet.c
-- fires: socket(id=5, pid=7, family='inet', type='dgram', proto='udp', local='0.0.0.0:80', outq_bytes=768)
-- quiet: socket(id=5, pid=7, family='inet', type='dgram', proto='udp', local='0.0.0.0:80', outq_bytes=0)
-- quiet: socket(id=5, pid=7, family='inet', type='stream', proto='tcp', local='0.0.0.0:80', outq_bytes=768)
SELECT local AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, outq_bytes, ino
FROM socket
WHERE family IN ('inet', 'inet6') AND proto IN ('udp', 'udplite') AND outq_bytes > 0
