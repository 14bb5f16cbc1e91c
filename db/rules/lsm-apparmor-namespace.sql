-- id: lsm-apparmor-namespace
-- severity: warning
-- category: security
-- scope: image
-- profiles: same-host=note other-host=error forensic=note
-- title: AppArmor policy of the container
-- message: {count} profiles in the policy namespace {subject} are loaded again
-- why: Profiles of a container need AppArmor stacking, which Linux has since 4.13.
-- fix: restore on a host with AppArmor
-- see: criu apparmor.c
-- fires: apparmor(namespace='c1', profile='p')
-- quiet: process(pid=1)
SELECT namespace AS subject, NULL AS pid, NULL AS fd, min(src_image) AS src_image, NULL AS src_entry, NULL AS src_offset,
       count(profile) AS count
FROM apparmor
GROUP BY namespace
