-- id: host-apparmor-profile
-- severity: error
-- category: host
-- scope: host
-- group: profile
-- title: an AppArmor profile that the host does not have
-- message: {n|task is|tasks are} confined by {profile}, which is not loaded here: {list}
-- why: A task is put back under its profile by name.
-- fix: load the profile on the host, or have the engine do it by restoring with the same security options
-- fix criu: load the profile on the host, or restore with --lsm-profile
-- see: criu lsm.c
-- fires: process(pid=7, comm='x', lsm_profile='docker-default') host(name='lsm', value='apparmor') host(name='apparmor.profile', value='other')
-- quiet: process(pid=7, comm='x', lsm_profile='docker-default') host(name='lsm', value='apparmor') host(name='apparmor.profile', value='docker-default')
-- quiet: process(pid=7, comm='x', lsm_profile='docker-default') host(name='lsm', value='apparmor') host(name='apparmor.profile')
SELECT p.comm AS subject, p.pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset, p.lsm_profile AS profile
FROM process AS p
WHERE p.lsm_profile IS NOT NULL
  AND EXISTS (SELECT 1 FROM host WHERE name = 'apparmor.profile' AND value IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM host WHERE name = 'apparmor.profile' AND value = p.lsm_profile)
