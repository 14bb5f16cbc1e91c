-- two processes, of one checkpoint or of two, and how many different pages both have
-- Of all checkpoints that is much: say which (WHERE checkpoint_a = 1 AND checkpoint_b = 2).
WITH one AS NOT MATERIALIZED (SELECT DISTINCT checkpoint, pid, hash FROM page WHERE shmid IS NULL AND NOT is_zero)
SELECT a.checkpoint AS checkpoint_a, a.pid AS pid_a, b.checkpoint AS checkpoint_b, b.pid AS pid_b,
       count(*) AS pages
FROM one AS a
JOIN one AS b ON b.hash = a.hash AND (a.checkpoint, a.pid) < (b.checkpoint, b.pid)
GROUP BY 1, 2, 3, 4
