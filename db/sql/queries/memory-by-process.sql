-- Memory by process: what is mapped, what is in the images, by kind
SELECT v.checkpoint, v.pid, p.comm, count(*) AS mappings, sum(v.size) AS mapped_bytes,
       sum(v.pages_present) AS pages,
       sum(v.pages_present) FILTER (WHERE v.kind = 'heap') AS heap_pages,
       sum(v.pages_present) FILTER (WHERE v.kind = 'stack') AS stack_pages,
       sum(v.pages_present) FILTER (WHERE v.kind = 'anon') AS anonymous_pages,
       sum(v.pages_present) FILTER (WHERE v.kind = 'file') AS file_pages,
       sum(v.pages_parent) AS parent_pages
FROM every.vma AS v
JOIN every.process AS p ON p.checkpoint = v.checkpoint AND p.pid = v.pid
GROUP BY v.checkpoint, v.pid
ORDER BY pages DESC, v.checkpoint, v.pid
