-- id: lsm-apparmor-profile
-- severity: note
-- category: security
-- scope: image
-- profiles: other-host=error other-pod=error forensic=off
-- group: lsm_profile
-- title: an AppArmor profile
-- message: {n|process is|processes are} confined by the profile {lsm_profile}
-- why: The profile must be loaded on the host that restores, under the same name.
-- fix: load the profile there, or restore with --lsm-profile apparmor:NAME
-- see: criu lsm.c
-- fires: checkpoint(lsm='apparmor') process(pid=1, comm='x', lsm_profile='containers-default-0.50.1')
-- quiet: checkpoint(lsm='apparmor') process(pid=1, comm='x', lsm_profile='unconfined')
-- quiet: checkpoint(lsm='selinux') process(pid=1, comm='x', lsm_profile='system_u:system_r:container_t:s0:c1,c2')
-- quiet: checkpoint(lsm='apparmor') process(pid=1, comm='x')
SELECT p.comm AS subject, NULL AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset, p.lsm_profile
FROM checkpoint AS c CROSS JOIN process AS p
WHERE c.lsm = 'apparmor' AND p.lsm_profile NOT IN ('', 'unconfined')
