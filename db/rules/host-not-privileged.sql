-- id: host-not-privileged
-- severity: note
-- category: host
-- scope: host
-- title: whoever asks may not restore
-- message: this process has neither CAP_SYS_ADMIN nor CAP_CHECKPOINT_RESTORE
-- why: CRIU needs one of them: all of its features as root, those of a plain process tree with the latter, since
--   Linux 5.9.
-- fix: restore as root
-- see: criu cr-check.c
-- fires: host(name='cap.SYS_ADMIN', value='n') host(name='cap.CHECKPOINT_RESTORE', value='n')
-- quiet: host(name='cap.SYS_ADMIN', value='n') host(name='cap.CHECKPOINT_RESTORE', value='y')
-- quiet: host(name='cap.SYS_ADMIN', value='y') host(name='cap.CHECKPOINT_RESTORE', value='n')
SELECT 'capabilities' AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry, NULL AS src_offset,
       a.source
FROM host AS a JOIN host AS c ON c.name = 'cap.CHECKPOINT_RESTORE'
WHERE a.name = 'cap.SYS_ADMIN' AND a.value = 'n' AND c.value = 'n'
