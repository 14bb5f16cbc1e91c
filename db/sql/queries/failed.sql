-- What was wrong with what is in the index
-- over: index
SELECT i.id, i.node, i.status, i.path, i.inside, p.message
FROM indexed AS i
JOIN indexed_problem AS p ON p.checkpoint = i.id
ORDER BY i.status <> 'failed', i.id, p.position
