-- id: groups-many
-- severity: note
-- category: security
-- scope: image live
-- profiles: forensic=off
-- group: all
-- title: supplementary groups
-- message: {n|process has|processes have} more than 32 supplementary groups: {list}
-- why: Setting them takes CAP_SETGID.
-- fix: nothing to do where the restore runs as root
-- see: criu pie/restorer.c
-- fires: process(pid=1, comm='x', groups='[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33]')
-- quiet: process(pid=1, comm='x', groups='[1,2,3]')
-- quiet: process(pid=1, comm='x')
SELECT comm AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset
FROM process
WHERE length(groups) - length(replace(groups, ',', '')) >= 32
