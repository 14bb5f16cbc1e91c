-- Who talks to whom: connections with their ends in two checkpoints, of one pod or across
-- over: index
SELECT *
FROM connection
ORDER BY checkpoint, peer_checkpoint, local
