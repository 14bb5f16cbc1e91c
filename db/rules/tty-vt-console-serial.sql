-- id: tty-vt-console-serial
-- severity: warning
-- category: file
-- scope: image live
-- profiles: forensic=note
-- title: a hardware terminal of the host
-- message: a {type} terminal ({device}) is open
-- why: It is a device of the machine that dumped it.
-- fix: give the restored task the same device
-- see: criu tty.c
-- fires: tty(id=1, type='console', device='5:1')
-- quiet: tty(id=1, type='pty', device='136:5')
SELECT type || ' ' || coalesce(device, id) AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, type, device
FROM tty
WHERE type IN ('console', 'vt', 'serial')
