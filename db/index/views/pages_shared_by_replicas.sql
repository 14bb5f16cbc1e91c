-- the same of two containers that were made of one image
SELECT o.a, o.b, x.image, x.pod AS pod_a, x.container AS container_a, y.pod AS pod_b,
       y.container AS container_b, o.pages, p.pages AS pages_of_a, q.pages AS pages_of_b
FROM page_overlap AS o
JOIN checkpoint AS x ON x.checkpoint = o.a
JOIN checkpoint AS y ON y.checkpoint = o.b AND y.image = x.image AND y.container_id <> x.container_id
JOIN page_overlap AS p ON p.a = o.a AND p.b = o.a
JOIN page_overlap AS q ON q.a = o.b AND q.b = o.b
WHERE o.a < o.b
