-- id: mnt-autofs
-- severity: error
-- category: mount
-- scope: live log
-- title: an automounter at work
-- message: {subject} is served by an automounter
-- why: Its daemon cannot be reached, or has requests to answer.
-- fix: stop the automounter before the dump
-- see: criu autofs.c
-- fires: mount(ns_id=1, mnt_id=5, mountpoint='/x', fstype='autofs')
-- quiet: mount(ns_id=1, mnt_id=5, mountpoint='/x', fstype='autofs') namespace(type='mnt', id=1, is_host=1)
SELECT m.mountpoint AS subject, NULL AS pid, NULL AS fd, m.src_image, m.src_entry, m.src_offset, m.source, 'warning' AS severity
FROM mount AS m
WHERE m.fstype = 'autofs' AND NOT EXISTS (SELECT 1 FROM namespace AS n WHERE n.type = 'mnt' AND n.id = m.ns_id AND n.is_host = 1)
