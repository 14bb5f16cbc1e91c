-- id: netlink-data
-- severity: error
-- category: network
-- scope: live log
-- title: unread data on a netlink socket
-- message: a {subject} holds {inq_bytes} bytes that nobody has read
-- why: CRIU does not carry it.
-- fix: try again when the program has read it
-- see: criu sk-netlink.c
-- fires: socket(id=5, pid=7, family='netlink', proto='route', inq_bytes=768)
-- quiet: socket(id=5, pid=7, family='netlink', proto='route', inq_bytes=0)
-- quiet: socket(id=5, pid=7, family='unix', inq_bytes=768)
SELECT 'netlink socket of ' || proto AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, inq_bytes, ino
FROM socket
WHERE family = 'netlink' AND inq_bytes > 0
