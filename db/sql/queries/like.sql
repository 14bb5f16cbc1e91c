-- Which checkpoints have most pages in common with one of them, given by indexed.id or path
-- over: pages
-- argument: ID-OR-PATH
WITH one AS (SELECT id FROM indexed WHERE id = ?1 OR path = ?1)
SELECT o.one, o.checkpoint, i.node, c.pod, c.container, c.checkpointed, o.pages, p.pages AS pages_of_it, i.path
FROM (SELECT a AS one, b AS checkpoint, pages FROM page_overlap WHERE a IN one AND b <> a
      UNION ALL SELECT b, a, pages FROM page_overlap WHERE b IN one AND b <> a) AS o
JOIN page_overlap AS p ON p.a = o.checkpoint AND p.b = o.checkpoint
JOIN indexed AS i ON i.id = o.checkpoint
LEFT JOIN checkpoint AS c ON c.checkpoint = o.checkpoint
ORDER BY o.one, o.pages DESC, o.checkpoint
