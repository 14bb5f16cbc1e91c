-- id: cpuset-affinity
-- severity: note
-- category: cgroup
-- scope: image
-- profiles: same-host=off other-host=warning other-pod=warning forensic=off
-- title: certain CPUs or memory nodes
-- message: {name} of {path} is {value}
-- why: The host that restores must have them.
-- fix: change the setting, or restore with --manage-cgroups=ignore
-- see: criu cgroup.c
-- fires: cgroup_property(name='cpuset.cpus', path='/x', value='0-3')
-- quiet: cgroup_property(name='cpuset.cpus', path='/x', value='')
-- quiet: cgroup_property(name='memory.max', path='/x', value='max')
SELECT coalesce(path, name) AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, name, path, value
FROM cgroup_property
WHERE name IN ('cpuset.cpus', 'cpuset.mems') AND value <> ''
