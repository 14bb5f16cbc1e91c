-- Where a page with this hash is: the XXH3-128 of its bytes, in hexadecimal digits
-- Lists are searched as bytes first, so that only those that have it are taken apart.
-- argument: HASH
-- over: pages
SELECT r.checkpoint, i.node, r.pid, p.comm, r.shmid, r.address + n.i * r.page_size AS address, i.path
FROM page_list AS l
CROSS JOIN page_number AS n ON n.i < length(l.hashes) / 16 AND substr(l.hashes, 16 * n.i + 1, 16) = unhex(?1)
JOIN page_range AS r ON r.list = l.id
JOIN indexed AS i ON i.id = r.checkpoint
LEFT JOIN process AS p ON p.checkpoint = r.checkpoint AND p.pid = r.pid
WHERE instr(l.hashes, unhex(?1)) > 0
ORDER BY r.checkpoint, r.pid, r.shmid, address
