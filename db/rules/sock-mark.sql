-- id: sock-mark
-- severity: note
-- category: network
-- scope: image
-- profiles: other-host=warning other-pod=warning
-- group: all
-- title: sockets with a mark
-- message: {n|socket is|sockets are} marked for the firewall or for routing: {list}
-- why: The mark comes back, and means what the rules of the host make of it. It can only be set with CAP_NET_ADMIN.
-- fix: see that the host has the rules that the marks are for
-- see: criu sockets.c
-- fires: socket(id=3, pid=7, family='inet', local='0.0.0.0:80', options='reuseaddr,mark=7')
-- quiet: socket(id=3, pid=7, family='inet', local='0.0.0.0:80', options='reuseaddr')
-- quiet: socket(id=3, pid=7, family='inet', local='0.0.0.0:80', options='bindtodevice=mark=x')
SELECT coalesce(nullif(local, ''), family || ' socket ' || id) AS subject, NULL AS pid, NULL AS fd, src_image, src_entry,
       src_offset, options
FROM socket
WHERE ',' || options LIKE '%,mark=%'
