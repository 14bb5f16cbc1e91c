-- id: lsm-unconfined
-- severity: note
-- category: forensics
-- scope: image live
-- profiles: forensic=warning
-- group: lsm_profile
-- title: tasks that no security module confines
-- message: {n|process is|processes are} {lsm_profile}: {list}
-- why: Engines confine containers where the host has SELinux or AppArmor.
-- fix: run the container with a profile
-- fires: checkpoint(producer='podman') process(pid=1, comm='x', lsm_profile='unconfined')
-- quiet: checkpoint(producer='podman') process(pid=1, comm='x', lsm_profile='containers-default')
-- quiet: checkpoint(producer='criu') process(pid=1, comm='x', lsm_profile='unconfined')
SELECT p.comm AS subject, NULL AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset, p.lsm_profile
FROM checkpoint AS c CROSS JOIN process AS p
WHERE c.producer IN ('podman', 'cri-o', 'containerd', 'docker', 'ctr')
  AND (p.lsm_profile = 'unconfined' OR p.lsm_profile LIKE '%:unconfined_t:%' OR p.lsm_profile LIKE '%:spc_t:%')
