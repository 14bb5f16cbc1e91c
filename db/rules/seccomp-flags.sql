-- id: seccomp-flags
-- severity: note
-- category: security
-- scope: image
-- profiles: same-host=off forensic=off
-- group: all
-- title: seccomp filters that log, or were set for all threads
-- message: {n|filter was|filters were} set with flags: {list}
-- why: The flags are given again when the filter is: a kernel that does not know one of them refuses.
-- fix: nothing to do on a kernel that is as new as the one of the dump
-- see: criu seccomp.c
-- fires: seccomp(id=0, flags=2, flag_names='log')
-- quiet: seccomp(id=0, flags=0)
SELECT 'filter ' || id || ' (' || flag_names || ')' AS subject, NULL AS pid, NULL AS fd, src_image, src_entry,
       src_offset, flags
FROM seccomp
WHERE flags <> 0
