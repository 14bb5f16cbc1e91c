-- What grew between two checkpoints, process by process: give the earlier one first
-- over: two
-- Memory is what the images hold; of an incremental dump that is what changed since its parent.
SELECT coalesce(a.pid, b.pid) AS pid, coalesce(b.comm, a.comm) AS comm,
       CASE WHEN a.pid IS NULL THEN 'new' WHEN b.pid IS NULL THEN 'gone' ELSE 'there' END AS state,
       a.bytes_present AS bytes_before, b.bytes_present AS bytes_after,
       coalesce(b.bytes_present, 0) - coalesce(a.bytes_present, 0) AS bytes_more,
       coalesce(b.fds, 0) - coalesce(a.fds, 0) AS fds_more,
       coalesce(b.threads, 0) - coalesce(a.threads, 0) AS threads_more,
       coalesce(b.vmas, 0) - coalesce(a.vmas, 0) AS vmas_more
FROM a.process AS a
FULL JOIN b.process AS b ON b.pid = a.pid
ORDER BY bytes_more DESC, pid
