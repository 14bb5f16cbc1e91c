-- two processes, of one checkpoint or of two, and how many different pages both have, those of zeroes aside
-- Counted pair by pair, so say which checkpoints: WHERE checkpoint_a = 1 AND checkpoint_b = 2.
SELECT checkpoint_a, pid_a, checkpoint_b, pid_b, pages
FROM (SELECT a.checkpoint AS checkpoint_a, a.pid AS pid_a, b.checkpoint AS checkpoint_b, b.pid AS pid_b,
             (SELECT count(*)
              FROM (SELECT hash FROM page
                    WHERE checkpoint = a.checkpoint AND pid = a.pid AND NOT is_zero
                    INTERSECT
                    SELECT hash FROM page
                    WHERE checkpoint = b.checkpoint AND pid = b.pid AND NOT is_zero)) AS pages
      FROM process AS a
      JOIN process AS b ON b.checkpoint > a.checkpoint OR (b.checkpoint = a.checkpoint AND b.pid > a.pid))
WHERE pages > 0
