-- id: rootfs-file-size
-- severity: error
-- category: engine
-- scope: image
-- profiles: forensic=off
-- title: a file in the archive that is not the one that was open
-- message: {subject} had {open} bytes when the tasks were dumped, and the archive's {source} has {kept}
-- why: The engine copies changed files after the tasks were dumped. Where something went on to write, such as with
--   --leave-running, CRIU finds another size than it recorded, and gives up.
-- fix: stop the container for the checkpoint, or put the file into the size that it had
-- see: criu files-reg.c
-- fires: file(id=3, type='reg', path='/data/x', size=7) rootfs(path='/data/x', type='file', size=9, source='rootfs-diff', change='added')
-- quiet: file(id=3, type='reg', path='/data/x', size=7) rootfs(path='/data/x', type='file', size=7, source='rootfs-diff', change='added')
-- quiet: file(id=3, type='reg', path='/data/x') rootfs(path='/data/x', type='file', size=7, source='rootfs-diff', change='added')
-- quiet: file(id=3, type='reg', path='/data/x', size=7, deleted=1) rootfs(path='/data/x', type='file', size=9, source='rootfs-diff', change='added')
SELECT f.path AS subject, NULL AS pid, NULL AS fd, f.src_image, min(f.src_entry) AS src_entry,
       min(f.src_offset) AS src_offset, f.size AS open, r.size AS kept, r.source
FROM file AS f JOIN rootfs AS r ON r.path = f.path AND r.type = 'file' AND r.size <> f.size
WHERE f.type = 'reg' AND f.deleted IS NOT 1
GROUP BY f.path
