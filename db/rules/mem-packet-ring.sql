-- id: mem-packet-ring
-- severity: warning
-- category: memory
-- scope: image live
-- title: the ring of a packet socket
-- message: {n|mapping|mappings} of packet sockets: {list}
-- group: pid
-- why: The socket must be open in the same task when it is mapped again.
-- fix: nothing to do
-- see: criu sk-packet.c
-- attack: T1040
-- fires: vma(pid=9, start=0x1000, end=0x2000, kind='packet')
-- quiet: vma(pid=9, start=0x1000, end=0x2000, kind='anon')
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, size
FROM vma
WHERE kind = 'packet'
