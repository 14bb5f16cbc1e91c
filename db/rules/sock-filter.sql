-- id: sock-filter
-- severity: note
-- category: network
-- scope: image
-- group: all
-- title: sockets with a packet filter
-- message: {n|socket has|sockets have} a BPF filter attached: {list}
-- why: A filter decides which packets a program sees: to be found where traffic is captured, or where somebody waits for
--   a packet that nobody else notices.
-- fix: see which program it is and whether it has a reason; the filter itself comes back
-- attack: T1205.002
-- see: criu sockets.c
-- fires: socket(id=3, pid=7, family='packet', local='', options='filter=4')
-- quiet: socket(id=3, pid=7, family='packet', local='', options='rcvlowat=4')
SELECT coalesce(nullif(local, ''), family || ' socket ' || id) AS subject, NULL AS pid, NULL AS fd, src_image, src_entry,
       src_offset, pid AS process, options
FROM socket
WHERE ',' || options LIKE '%,filter=%'
