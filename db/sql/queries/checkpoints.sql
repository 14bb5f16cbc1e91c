-- What is in the index: each checkpoint with its container, its time and what became of it
-- over: index
SELECT i.id, i.node, c.namespace, c.pod, coalesce(c.container, c.container_id) AS container, c.producer,
       c.checkpointed, c.processes, c.pages, i.status, i.has_pages, i.path, i.inside
FROM indexed AS i
LEFT JOIN checkpoint AS c ON c.checkpoint = i.id
ORDER BY i.node, c.namespace, c.pod, container, c.checkpointed, i.id
