-- id: host-userfaultfd
-- severity: note
-- category: host
-- scope: host
-- title: memory cannot be brought in afterwards
-- message: CONFIG_USERFAULTFD is not set: a restore with --lazy-pages is not possible
-- why: A lazy restore leaves memory where it is and has it fetched by page faults, which user space handles.
-- fix: nothing to do where restores are not lazy
-- see: criu uffd.c
-- fires: host(name='config.USERFAULTFD', value='n')
-- quiet: host(name='config.USERFAULTFD', value='y')
SELECT 'CONFIG_USERFAULTFD' AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry,
       NULL AS src_offset, source
FROM host
WHERE name = 'config.USERFAULTFD' AND value = 'n'
