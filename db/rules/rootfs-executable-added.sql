-- id: rootfs-executable-added
-- severity: warning
-- category: forensics
-- scope: image
-- profiles: same-host=note forensic=error
-- group: all
-- title: new programs
-- message: {n|executable file was|executable files were} added to the root file system: {list}
-- why: A container runs what its image has. What was brought in afterwards was installed or downloaded at run time.
-- fix: look at the files: "coldcase rootfs --columns path,size,sha256"
-- attack: T1105
-- fires: rootfs(change='added', type='file', path='/usr/bin/x', mode=493, size=100, source='rootfs-diff')
-- quiet: rootfs(change='added', type='file', path='/var/log/x', mode=420, size=100, source='rootfs-diff')
-- quiet: rootfs(change='added', type='file', path='/vol/x', mode=493, size=100, source='volume')
SELECT path AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, size, mtime
FROM rootfs
WHERE change IN ('added', 'modified') AND type = 'file' AND mode & 73 AND size > 0 AND source IN ('rootfs-diff', 'layer')
