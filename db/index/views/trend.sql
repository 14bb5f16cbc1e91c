-- a checkpoint of a container among the others of it, by time: how long it was frozen, how large it is
-- Pre-dumps are left out: their memory is part of that of the dump which follows.
-- The same container is one of the same node, pod and name, though it was made anew; the same directory without one.
SELECT i.node, c.namespace, c.pod, coalesce(c.container, i.path) AS container, c.container_id, c.checkpoint,
       lag(c.checkpoint) OVER container AS previous, c.checkpointed, c.size,
       c.size - lag(c.size) OVER container AS size_more, c.pages,
       c.pages - lag(c.pages) OVER container AS pages_more, c.processes, c.threads, c.fds, c.sockets,
       max(s.value) FILTER (WHERE s.name = 'freezing_time') AS freezing_us,
       max(s.value) FILTER (WHERE s.name = 'frozen_time') AS frozen_us,
       max(s.value) FILTER (WHERE s.name = 'memdump_time') AS memdump_us,
       max(s.value) FILTER (WHERE s.name = 'memwrite_time') AS memwrite_us
FROM checkpoint AS c
JOIN indexed AS i ON i.id = c.checkpoint
LEFT JOIN stat AS s ON s.checkpoint = c.checkpoint AND s.phase = 'dump'
WHERE c.pre_dump IS NOT TRUE
GROUP BY c.checkpoint
WINDOW container AS (PARTITION BY i.node, c.namespace, c.pod, coalesce(c.container, i.path)
                     ORDER BY c.checkpointed, c.checkpoint)
