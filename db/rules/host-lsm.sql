-- id: host-lsm
-- severity: error
-- category: host
-- scope: host
-- title: another security module than the host's
-- message: dumped with {image}, and the host has {host}
-- why: The labels of tasks are saved and set again. CRIU refuses where the module that they belong to is not there.
-- fix: restore on a host with {image}, or without labels: criu restore --lsm-profile
-- see: criu lsm.c
-- fires: checkpoint(lsm='selinux') host(name='lsm', value='apparmor')
-- fires: checkpoint(lsm='apparmor') process(pid=1, lsm_profile='x') host(name='lsm', value='none')
-- quiet: checkpoint(lsm='apparmor') host(name='lsm', value='apparmor')
-- quiet: checkpoint(lsm='none') host(name='lsm', value='apparmor')
-- quiet: checkpoint(lsm='apparmor') process(pid=1) host(name='lsm', value='none')
SELECT c.lsm AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry, NULL AS src_offset,
       c.lsm AS image, h.value AS host
FROM checkpoint AS c JOIN host AS h ON h.name = 'lsm'
WHERE c.lsm IN ('apparmor', 'selinux') AND c.lsm <> h.value
  AND (c.lsm = 'selinux' OR EXISTS (SELECT 1 FROM process WHERE lsm_profile IS NOT NULL))
