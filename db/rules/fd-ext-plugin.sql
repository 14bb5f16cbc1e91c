-- id: fd-ext-plugin
-- severity: error
-- category: device
-- scope: image log
-- assume: devices
-- title: a file that only a plugin can restore
-- message: descriptor {fd} was dumped by a plugin of CRIU
-- why: The image holds nothing but a number for it.
-- fix: restore with the plugin that dumped it (--libdir)
-- see: criu files-ext.c
-- fires: fd(pid=7, fd=5, type='ext')
-- quiet: fd(pid=7, fd=5, type='reg')
SELECT 'fd ' || fd AS subject, pid, fd, src_image, src_entry, src_offset, file_id
FROM fd
WHERE type = 'ext'
