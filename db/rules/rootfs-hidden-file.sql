-- id: rootfs-hidden-file
-- severity: note
-- category: forensics
-- scope: image
-- profiles: forensic=warning
-- group: all
-- title: hidden files in unusual places
-- message: {n|file|files}: {list}
-- why: A name that begins with a dot is not listed by default. In these directories there is no ordinary reason for it.
-- fix: look at the files
-- attack: T1564.001
-- fires: rootfs(change='added', type='file', path='/tmp/.x/miner', source='rootfs-diff')
-- quiet: rootfs(change='added', type='file', path='/root/.bash_history', source='rootfs-diff')
SELECT path AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, size, mtime
FROM rootfs
WHERE change <> 'deleted' AND type = 'file'
  AND (path GLOB '/tmp/.*' OR path GLOB '/tmp/*/.*' OR path GLOB '/var/tmp/.*' OR path GLOB '/dev/.[^l]*' OR path GLOB '/dev/shm/.*' OR path GLOB '/usr/*/.*' OR path GLOB '/bin/.*' OR path GLOB '/sbin/.*')
