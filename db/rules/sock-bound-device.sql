-- id: sock-bound-device
-- severity: note
-- category: network
-- scope: image
-- profiles: other-host=warning other-pod=warning forensic=off
-- group: all
-- title: sockets bound to a network device
-- message: {n|socket is|sockets are} bound to a device: {list}
-- why: The device is named. Where there is none of that name setsockopt fails, and the restore with it.
-- fix: see that the network of the restore has devices of the same names
-- see: criu sockets.c
-- fires: socket(id=3, pid=7, family='inet', local='0.0.0.0:68', options='reuseaddr,bindtodevice=eth0')
-- quiet: socket(id=3, pid=7, family='inet', local='0.0.0.0:68', options='reuseaddr')
SELECT coalesce(nullif(local, ''), family || ' socket ' || id) AS subject, NULL AS pid, NULL AS fd, src_image, src_entry,
       src_offset, options
FROM socket
WHERE ',' || options LIKE '%,bindtodevice=%'
