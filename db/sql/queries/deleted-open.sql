-- files without a name that a process still has open
SELECT fd.pid, process.comm, fd.fd, file.type, file.path, file.size, file.held_bytes
FROM fd
JOIN file ON file.id = fd.file_id
JOIN process ON process.pid = fd.pid
WHERE file.deleted
ORDER BY fd.pid, fd.fd
