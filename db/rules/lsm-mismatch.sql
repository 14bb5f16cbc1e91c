-- id: lsm-mismatch
-- severity: note
-- category: security
-- scope: image log
-- profiles: same-host=off other-host=warning other-pod=warning forensic=off
-- title: tasks confined by a security module
-- message: the host that restores must use {lsm}, as {count} processes are labelled by it
-- why: CRIU refuses labels of another module than the host's.
-- fix: restore on a host with {lsm}
-- see: criu lsm.c
-- fires: checkpoint(lsm='selinux') process(pid=1, lsm_profile='system_u:system_r:container_t:s0')
-- quiet: checkpoint(lsm='none') process(pid=1)
-- quiet: checkpoint(lsm='apparmor') process(pid=1, lsm_profile='unconfined')
SELECT c.lsm AS subject, NULL AS pid, NULL AS fd, c.src_image, c.src_entry, c.src_offset, c.lsm,
       (SELECT count(*) FROM process WHERE lsm_profile NOT IN ('', 'unconfined')) AS count
FROM checkpoint AS c
WHERE c.lsm IN ('selinux', 'apparmor') AND count > 0
