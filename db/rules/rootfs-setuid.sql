-- id: rootfs-setuid
-- severity: warning
-- category: forensics
-- scope: image
-- profiles: forensic=error
-- over: rootfs-executable-added
-- title: a new setuid program
-- message: {subject} ({mode}, owner {uid}) was added
-- why: Whoever runs it acts as its owner.
-- fix: remove it, and find out who put it there
-- attack: T1548.001
-- fires: rootfs(change='added', type='file', path='/usr/bin/x', mode=2541, uid=0, source='rootfs-diff')
-- quiet: rootfs(change='added', type='file', path='/usr/bin/x', mode=493, uid=0, source='rootfs-diff')
SELECT path AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, printf('0%o', mode) AS mode, uid
FROM rootfs
WHERE type = 'file' AND mode & 3072 AND mode & 73 AND change <> 'deleted'
