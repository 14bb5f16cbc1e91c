-- id: rootfs-file-deleted
-- severity: error
-- category: engine
-- scope: image
-- profiles: forensic=off
-- group: all
-- title: an open file that the archive takes away
-- message: {n|file was|files were} open when the tasks were dumped and {n|is|are} deleted by the archive: {list}
-- why: The engine notes deleted files after the tasks were dumped, and removes them before they are restored. CRIU then
--   looks for a file that had a name, and finds none.
-- fix: stop the container for the checkpoint, or take the name out of deleted.files
-- fires: file(id=3, type='reg', path='/data/x', size=7) rootfs(path='/data/x', change='deleted', source='deleted.files')
-- quiet: file(id=3, type='reg', path='/data/x', size=7, deleted=1) rootfs(path='/data/x', change='deleted', source='deleted.files')
-- quiet: file(id=3, type='reg', path='/data/x', size=7) rootfs(path='/data/x', change='added', source='rootfs-diff')
SELECT f.path AS subject, NULL AS pid, NULL AS fd, f.src_image, min(f.src_entry) AS src_entry,
       min(f.src_offset) AS src_offset, r.source
FROM file AS f JOIN rootfs AS r ON r.path = f.path AND r.change = 'deleted'
WHERE f.type = 'reg' AND f.deleted IS NOT 1
  AND NOT EXISTS (SELECT 1 FROM rootfs AS a WHERE a.path = f.path AND a.change <> 'deleted')
GROUP BY f.path
