-- id: autofs-pipe
-- severity: warning
-- category: mount
-- scope: image
-- profiles: forensic=off
-- title: a mount of the automounter
-- message: {subject} needs the automounter's daemon
-- why: The daemon at the other end of the pipe must be among the restored tasks.
-- fix: stop the automounter before the dump, or include it
-- see: criu autofs.c
-- fires: autofs(mountpoint='/net', fd=5)
-- quiet: mount(mountpoint='/net', fstype='tmpfs')
SELECT coalesce(mountpoint, device) AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, mode, fd AS daemon_fd
FROM autofs
