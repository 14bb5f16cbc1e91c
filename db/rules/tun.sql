-- id: tun
-- severity: error
-- category: network
-- scope: image live
-- assume: devices
-- title: an open tun or tap device
-- message: {subject} needs /dev/net/tun and CAP_NET_ADMIN at restore
-- why: The device is made anew in the restored network namespace.
-- fix: give the restored container the device /dev/net/tun and the capability NET_ADMIN
-- see: criu tun.c
-- fires: file(id=3, pid=7, type='tun', path='/dev/net/tun')
-- quiet: file(id=3, pid=7, type='reg', path='/etc/passwd')
SELECT coalesce(path, 'tun') AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, detail
FROM file
WHERE type = 'tunf' OR type = 'tun'
