-- id: task-oom-score
-- severity: note
-- category: process
-- scope: image live
-- profiles: forensic=off
-- group: oom_score_adj
-- title: tasks that the kernel should spare
-- message: {n|process|processes} with an OOM score adjustment of {oom_score_adj}
-- why: Lowering it takes CAP_SYS_RESOURCE.
-- fix: nothing to do where the restore runs as root
-- see: criu cr-restore.c
-- fires: process(pid=9, comm='x', oom_score_adj=-900)
-- quiet: process(pid=9, comm='x', oom_score_adj=0)
SELECT comm AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, oom_score_adj
FROM process
WHERE oom_score_adj < 0
