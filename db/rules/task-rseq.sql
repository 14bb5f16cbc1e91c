-- id: task-rseq
-- severity: note
-- category: process
-- scope: image log
-- profiles: same-host=off other-host=note forensic=off
-- group: all
-- title: restartable sequences
-- message: {n|thread uses|threads use} rseq
-- why: glibc does so since 2.35. The kernel that restores must have it (Linux 4.18), and to dump it 5.13.
-- fix: restore on a kernel with CONFIG_RSEQ, or start programs with GLIBC_TUNABLES=glibc.pthread.rseq=0
-- see: https://github.com/checkpoint-restore/criu/issues/2070
-- fires: thread(pid=9, tid=9, rseq_address=0x1000)
-- quiet: thread(pid=9, tid=9)
SELECT 'thread ' || tid AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset
FROM thread
WHERE rseq_address <> 0
