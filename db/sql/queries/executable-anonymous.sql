-- Executable memory that no file stands behind, and how its bytes look
-- over: checkpoints
-- Entropy near 8 is compressed or encrypted; machine code has about 6.
SELECT v.checkpoint, v.pid, p.comm, v.start, v.size, v.prot, v.kind, v.pages_present,
       round(entropy(memory(v.pid, v.start, min(v.size, 65536), v.checkpoint)), 2) AS entropy
FROM every.vma AS v
JOIN every.process AS p ON p.checkpoint = v.checkpoint AND p.pid = v.pid
WHERE v.prot LIKE '__x%' AND v.kind IN ('anon', 'heap', 'stack', 'shmem', 'memfd') AND v.pages_present > 0
ORDER BY v.checkpoint, v.pid, v.start
