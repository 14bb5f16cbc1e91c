-- Programs that run: path, how many processes, whether the file is still there
SELECT p.checkpoint, p.exe, max(p.exe_deleted) AS deleted, count(*) AS processes, min(p.pid) AS first_pid
FROM every.process AS p
WHERE p.exe IS NOT NULL
GROUP BY p.checkpoint, p.exe
ORDER BY p.checkpoint, deleted DESC, processes DESC, p.exe
