-- Mappings that are writable and executable, and code that was changed
-- Compilers at run time make such mappings; injected code is in such mappings too.
SELECT v.checkpoint, v.pid, p.comm, v.start, v.size, v.prot, v.kind, v.path, v.pages_present, v.dirty_text
FROM every.vma AS v
JOIN every.process AS p ON p.checkpoint = v.checkpoint AND p.pid = v.pid
WHERE v.prot LIKE '_wx%' OR (v.dirty_text AND v.prot LIKE '__x%')
ORDER BY v.checkpoint, v.pid, v.start
