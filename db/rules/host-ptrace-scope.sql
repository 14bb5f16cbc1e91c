-- id: host-ptrace-scope
-- severity: blocker
-- category: host
-- scope: host
-- title: nobody may be traced
-- message: kernel.yama.ptrace_scope is 3
-- why: CRIU stops tasks and makes them restore themselves by ptrace, which this setting takes from everybody until
--   the next boot.
-- fix: boot with another setting: 2 still lets root trace
-- see: Documentation/admin-guide/LSM/Yama.rst of Linux
-- fires: host(name='sysctl.kernel.yama.ptrace_scope', value='3', number=3)
-- quiet: host(name='sysctl.kernel.yama.ptrace_scope', value='2', number=2)
SELECT name AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry, NULL AS src_offset, source
FROM host
WHERE name = 'sysctl.kernel.yama.ptrace_scope' AND number = 3
