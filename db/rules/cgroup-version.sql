-- id: cgroup-version
-- severity: note
-- category: cgroup
-- scope: image
-- profiles: same-host=off other-host=warning other-pod=warning forensic=off
-- over: mnt-cgroup
-- title: cgroups of version 1
-- message: controllers {controller}: the host that restores must have cgroups of version 1
-- why: The directories of version 1 have no place in version 2.
-- fix: restore on a host with version 1, or with --manage-cgroups=ignore
-- see: criu cgroup.c
-- fires: cgroup(controller='memory', path='/x')
-- quiet: cgroup(controller='memory', path='/x') host(name='cgroup', value='1')
-- quiet: cgroup(controller='', path='/x')
SELECT controller AS subject, NULL AS pid, NULL AS fd, min(src_image) AS src_image, NULL AS src_entry,
       NULL AS src_offset, controller
FROM cgroup
WHERE controller NOT IN ('', 'name=systemd')
  AND NOT EXISTS (SELECT 1 FROM host WHERE name = 'cgroup' AND value IS NOT NULL)
GROUP BY controller
