-- Which checkpoints hold a file with this SHA-256, or are it
-- argument: SHA256
-- over: index
SELECT r.checkpoint, i.node, 'file' AS what, r.change, r.source, r.size, r.path AS name, i.path
FROM rootfs AS r
JOIN indexed AS i ON i.id = r.checkpoint
WHERE r.sha256 = lower(?1)
UNION ALL
SELECT i.id, i.node, 'archive', NULL, NULL, NULL, i.path, i.path
FROM indexed AS i
WHERE i.sha256 = lower(?1)
ORDER BY 1, 3, 7
