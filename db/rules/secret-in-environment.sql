-- id: secret-in-environment
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: same-host=note
-- group: pid
-- title: secrets in the environment
-- message: {n|variable|variables} whose names promise secrets: {list}
-- why: They are in the checkpoint in clear, and whoever may read /proc/PID/environ has them.
-- fix: give secrets as files, and rotate those that are here
-- attack: T1552.007
-- fires: env(pid=7, name='DB_PASSWORD', value='********')
-- quiet: env(pid=7, name='HOME', value='/root')
-- quiet: env(pid=7, name='DB_PASSWORD', value='')
SELECT DISTINCT name AS subject, pid, NULL AS fd, src_image, src_entry, src_offset
FROM env
WHERE value = '********' OR value LIKE '%:********@%'
