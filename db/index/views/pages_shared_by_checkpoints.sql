-- two checkpoints and how many different pages both have, those of zeroes aside
SELECT a, b, pages
FROM page_overlap
WHERE a < b
