-- What grew between a container's dumps, process by process, the most first
-- over: index
SELECT *
FROM growth
WHERE bytes_more > 0 OR fds_more > 0 OR threads_more > 0 OR vmas_more > 0
ORDER BY bytes_more DESC, checkpoint, pid
