-- id: rootfs-log-deleted
-- severity: note
-- category: forensics
-- scope: image
-- profiles: forensic=warning
-- title: a log was removed
-- message: {subject} was deleted
-- why: Logs are rotated by their programs, and removed by those who do not want to be found.
-- fix: compare with the container image
-- attack: T1070.002
-- fires: rootfs(change='deleted', path='/var/log/auth.log', source='deleted.files')
-- quiet: rootfs(change='deleted', path='/var/cache/x', source='deleted.files')
SELECT path AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, source
FROM rootfs
WHERE change = 'deleted' AND (path GLOB '/var/log/*' OR path GLOB '*/.bash_history')
