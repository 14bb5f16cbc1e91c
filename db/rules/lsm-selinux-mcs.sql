-- id: lsm-selinux-mcs
-- severity: note
-- category: security
-- scope: image live
-- profiles: other-host=warning other-pod=warning forensic=note
-- group: lsm_profile
-- title: SELinux categories of the old container
-- message: {n|process is|processes are} labelled {lsm_profile}
-- why: A new container gets other categories, and the restored tasks may not touch its files.
-- fix: restore with --lsm-profile selinux:LABEL and --lsm-mount-context LABEL
-- fix podman: nothing to do; with --pod podman relabels by itself
-- see: criu lsm.c
-- fires: process(pid=1, comm='x', lsm_profile='system_u:system_r:container_t:s0:c1,c2')
-- quiet: process(pid=1, comm='x', lsm_profile='unconfined')
SELECT comm AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, lsm_profile
FROM process
WHERE lsm_profile GLOB '*:s0*:c[0-9]*'
