-- a process in a checkpoint and in the one before of the same container: what grew between two dumps
-- Memory is what the images hold; of an incremental dump that is what changed since its parent.
SELECT t.node, t.namespace, t.pod, t.container, t.previous, t.checkpoint, t.checkpointed, b.pid, b.comm,
       CASE WHEN a.pid IS NULL THEN 'new' ELSE 'there' END AS state,
       a.bytes_present AS bytes_before, b.bytes_present AS bytes_after,
       b.bytes_present - coalesce(a.bytes_present, 0) AS bytes_more, b.fds - coalesce(a.fds, 0) AS fds_more,
       b.threads - coalesce(a.threads, 0) AS threads_more, b.vmas - coalesce(a.vmas, 0) AS vmas_more
FROM trend AS t
JOIN process AS b ON b.checkpoint = t.checkpoint
LEFT JOIN process AS a ON a.checkpoint = t.previous AND a.pid = b.pid
WHERE t.previous IS NOT NULL
