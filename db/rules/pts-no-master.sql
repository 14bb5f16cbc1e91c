-- id: pts-no-master
-- severity: error
-- category: process
-- scope: live log
-- assume: shell-job
-- over: tty-dangling-sid
-- title: a terminal whose other end is outside
-- message: {subject} is open, and the master of the pty is not
-- why: The master of the pty belongs to an engine, a shell or an exec session.
-- fix: end exec sessions before the dump; dump and restore with --shell-job
-- see: criu tty.c
-- fires: tty(id=34816, type='pty', index=0)
-- quiet: tty(id=34816, type='pty', index=0) tty(id=2147483648, type='pty', index=0)
-- quiet: tty(id=1281, type='console')
SELECT '/dev/pts/' || "index" AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, sid
FROM tty AS t
WHERE type = 'pty' AND id < 0x80000000 AND "index" IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM tty AS master WHERE master.id >= 0x80000000 AND master."index" = t."index")
