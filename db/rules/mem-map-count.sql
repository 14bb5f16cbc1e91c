-- id: mem-map-count
-- severity: warning
-- category: memory
-- scope: image live
-- profiles: forensic=off
-- title: many mappings
-- message: process {pid} has {vmas} mappings
-- why: vm.max_map_count is 65530 unless it was raised, and the restorer needs a few more.
-- fix: raise vm.max_map_count on the host that restores
-- see: criu pie/restorer.c
-- fires: process(pid=9, comm='x', vmas=64000)
-- quiet: process(pid=9, comm='x', vmas=640)
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, vmas
FROM process
WHERE vmas > 60000
