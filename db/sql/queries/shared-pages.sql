-- Checkpoints with the most pages in common
-- over: pages
SELECT s.a, i.path AS path_a, s.b, j.path AS path_b, s.pages, p.pages AS pages_of_a, q.pages AS pages_of_b
FROM pages_shared_by_checkpoints AS s
JOIN indexed AS i ON i.id = s.a
JOIN indexed AS j ON j.id = s.b
JOIN page_overlap AS p ON p.a = s.a AND p.b = s.a
JOIN page_overlap AS q ON q.a = s.b AND q.b = s.b
ORDER BY s.pages DESC, s.a, s.b
