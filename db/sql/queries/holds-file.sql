-- Who has a file open or mapped, or runs it; the path may have * and ?
-- argument: PATH
SELECT f.checkpoint, f.pid, p.comm, 'open' AS how, f.fd, f.deleted, f.path
FROM every.fd AS f
JOIN every.process AS p ON p.checkpoint = f.checkpoint AND p.pid = f.pid
WHERE f.path GLOB ?1
UNION ALL
SELECT v.checkpoint, v.pid, p.comm, 'mapped', NULL, NULL, v.path
FROM every.vma AS v
JOIN every.process AS p ON p.checkpoint = v.checkpoint AND p.pid = v.pid
WHERE v.path GLOB ?1
GROUP BY 1, 2, v.path
UNION ALL
SELECT p.checkpoint, p.pid, p.comm, 'runs', NULL, p.exe_deleted, p.exe
FROM every.process AS p
WHERE p.exe GLOB ?1
ORDER BY 1, 2, 4, 7
