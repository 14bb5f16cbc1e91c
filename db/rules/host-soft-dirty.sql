-- id: host-soft-dirty
-- severity: warning
-- category: host
-- scope: host
-- title: changed pages cannot be told
-- message: CONFIG_MEM_SOFT_DIRTY is not set
-- why: Without it CRIU cannot make incremental dumps and pre-dumps: each dump holds all of the memory, and so the
--   container stands still for longer. Architectures other than x86, s390 and powerpc do not have it.
-- fix: nothing to do where dumps are whole; else use a kernel that was built with it
-- see: criu mem.c
-- fires: host(name='config.MEM_SOFT_DIRTY', value='n', source='/boot/config-6.1')
-- quiet: host(name='config.MEM_SOFT_DIRTY', value='y', source='/boot/config-6.1')
SELECT 'CONFIG_MEM_SOFT_DIRTY' AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry,
       NULL AS src_offset, source
FROM host
WHERE name = 'config.MEM_SOFT_DIRTY' AND value = 'n'
