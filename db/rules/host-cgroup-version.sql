-- id: host-cgroup-version
-- severity: error
-- category: host
-- scope: host
-- over: mnt-cgroup
-- title: cgroups of another version than the host's
-- message: dumped with cgroups of version {image}, and the host has version {host}
-- why: The directories of one version have no place in the other. Controllers and their settings cannot be restored.
-- fix: restore on a host with version {image}, or with --manage-cgroups=ignore
-- see: criu cgroup.c
-- fires: cgroup(controller='memory', path='/x') host(name='cgroup', value='2')
-- fires: cgroup(controller='', path='/x') host(name='cgroup', value='1')
-- quiet: cgroup(controller='', path='/x') host(name='cgroup', value='2')
-- quiet: cgroup(controller='memory', path='/x') host(name='cgroup', value='hybrid')
-- quiet: cgroup(controller='memory', path='/x') cgroup(controller='', path='/x') host(name='cgroup', value='1')
WITH image AS (SELECT count(*) AS n, min(src_image) AS src_image,
                      CASE WHEN max(controller NOT IN ('', 'name=systemd')) THEN '1' ELSE '2' END AS version
               FROM cgroup)
SELECT 'cgroup' AS subject, NULL AS pid, NULL AS fd, i.src_image, NULL AS src_entry, NULL AS src_offset,
       i.version AS image, h.value AS host
FROM image AS i JOIN host AS h ON h.name = 'cgroup'
WHERE i.n > 0 AND h.value IN ('1', '2') AND h.value <> i.version
