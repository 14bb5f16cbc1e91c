-- id: tty-ctty-inheritance
-- severity: error
-- category: process
-- scope: live log
-- assume: shell-job
-- title: a controlling terminal from outside
-- message: process {pid} has {subject} open, and its terminal is not here
-- why: /dev/tty is open, and the terminal that it stands for is not in the dump.
-- fix: close /dev/tty before the dump
-- see: criu tty.c
-- fires: file(id=3, pid=7, fds=1, type='tty', path='/dev/tty', device=1280)
-- quiet: file(id=3, pid=7, fds=1, type='tty', path='/dev/tty', device=1280) tty(id=2147483648, type='pty', index=0)
-- quiet: file(id=3, pid=7, fds=1, type='tty', path='/dev/tty1', device=1025)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset
FROM file
WHERE type = 'tty' AND device = 1280 AND NOT EXISTS (SELECT 1 FROM tty AS master WHERE master.id >= 0x80000000)
