-- Which checkpoints have most pages in common with one of them
-- over: pages
-- argument: CHECKPOINT
SELECT o.checkpoint, i.node, c.pod, c.container, c.checkpointed, o.pages, p.pages AS pages_of_it, i.path
FROM (SELECT b AS checkpoint, pages FROM page_overlap WHERE a = ?1 AND b <> a
      UNION ALL SELECT a, pages FROM page_overlap WHERE b = ?1 AND b <> a) AS o
JOIN page_overlap AS p ON p.a = o.checkpoint AND p.b = o.checkpoint
JOIN indexed AS i ON i.id = o.checkpoint
LEFT JOIN checkpoint AS c ON c.checkpoint = o.checkpoint
ORDER BY o.pages DESC, o.checkpoint
