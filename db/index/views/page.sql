-- a page of memory whose bytes the checkpoint or an ancestor of it holds (index --pages)
-- Of a process, or where shmid is not null of memory that processes share: then address is the place in that.
SELECT r.checkpoint, r.pid, r.shmid, r.address + n.i * r.page_size AS address,
       substr(l.hashes, 16 * n.i + 1, 16) AS hash,
       substr(l.hashes, 16 * n.i + 1, 16) = x'00000000000000000000000000000000' AS is_zero
FROM page_range AS r
JOIN page_list AS l ON l.id = r.list
CROSS JOIN page_number AS n ON n.i < length(l.hashes) / 16
