-- id: img-dump-failed
-- severity: blocker
-- category: integrity
-- scope: image
-- profiles: forensic=warning
-- title: the dump failed
-- message: {file} ends with "Dumping FAILED."
-- why: What is here is whatever had been written when CRIU gave up.
-- fix: look at the first error: "coldcase log --errors"
-- see: criu cr-dump.c
-- fires: log(file='dump.log', line=9, message='Dumping FAILED.', level='error')
-- quiet: log(file='dump.log', line=9, message='Dumping finished successfully')
SELECT file AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, file, line
FROM log
WHERE message IN ('Dumping FAILED.', 'Pre-dumping FAILED.')
