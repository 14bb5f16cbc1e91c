-- Variables of the environment whose name looks like that of a secret
-- By name only: the value is masked, unless --reveal is given.
SELECT e.checkpoint, e.pid, p.comm, e.name, e.value
FROM every.env AS e
JOIN every.process AS p ON p.checkpoint = e.checkpoint AND p.pid = e.pid
WHERE e.name REGEXP '(?i)(pass(word|wd|phrase)?|secret|token|credential|api_?key|private_?key|access_?key)'
ORDER BY e.checkpoint, e.name, e.pid
