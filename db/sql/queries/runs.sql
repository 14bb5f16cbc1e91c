-- Where a program runs: its name, or its path; both may have * and ?
-- argument: PROGRAM
SELECT p.checkpoint, p.pid, p.ppid, p.comm, p.uid, p.state, p.exe, p.exe_deleted, p.argv
FROM every.process AS p
WHERE p.comm GLOB ?1 OR p.exe GLOB ?1
ORDER BY p.checkpoint, p.pid
