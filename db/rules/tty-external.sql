-- id: tty-external
-- severity: error
-- category: file
-- scope: image
-- assume: external
-- profiles: forensic=off
-- title: a terminal from outside
-- message: terminal {device} must be supplied
-- why: It was declared external when it was dumped, and is found under that name.
-- fix: criu restore --inherit-fd 'fd[N]:tty[RDEV:DEV]', with the numbers of the dump
-- see: criu tty.c
-- fires: tty(id=1, type='ext_tty', device='136:5')
-- quiet: tty(id=1, type='pty', device='136:5')
SELECT 'terminal ' || coalesce(device, id) AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, device
FROM tty
WHERE type = 'ext_tty'
