-- Files that are open in more than one of several checkpoints
SELECT f.path, count(DISTINCT f.checkpoint) AS checkpoints, group_concat(DISTINCT f.checkpoint) AS which,
       count(*) AS descriptors, max(f.deleted) AS deleted
FROM every.fd AS f
WHERE f.type = 'reg' AND f.path IS NOT NULL
GROUP BY f.path
HAVING count(DISTINCT f.checkpoint) > 1
ORDER BY checkpoints DESC, f.path
