-- id: preload
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: forensic=error
-- title: libraries are loaded by the environment
-- message: {name}={value} in process {pid}
-- why: The loader puts such a library before all others, so that it can replace any function of the program.
-- fix: look at the library
-- attack: T1574.006
-- fires: env(pid=7, name='LD_PRELOAD', value='/tmp/x.so')
-- fires: env(pid=7, name='LD_AUDIT', value='/tmp/x.so')
-- fires: env(pid=7, name='LD_LIBRARY_PATH', value='/tmp/lib')
-- quiet: env(pid=7, name='LD_LIBRARY_PATH', value='/opt/app/lib')
-- quiet: env(pid=7, name='LD_PRELOAD', value='')
SELECT name AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, name, value
FROM env
WHERE name IN ('LD_PRELOAD', 'LD_AUDIT') AND value <> ''
   OR name = 'LD_LIBRARY_PATH' AND (value LIKE '%/tmp%' OR value LIKE '%/dev/shm%' OR value LIKE '%/var/tmp%')
