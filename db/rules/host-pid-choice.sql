-- id: host-pid-choice
-- severity: blocker
-- category: host
-- scope: host
-- title: pids cannot be chosen
-- message: Linux {kernel} has no clone3 with set_tid, and there is no kernel.ns_last_pid
-- why: A task must get its pid back. CRIU asks for it by clone3, since Linux 5.5, or sets the last pid before.
-- fix: use a kernel from 5.5 on, or one with CONFIG_CHECKPOINT_RESTORE
-- see: criu clone-noasan.c
-- fires: host(name='kernel', value='4.19.0', number=4019000)
-- quiet: host(name='kernel', value='4.19.0', number=4019000) host(name='sysctl.kernel.ns_last_pid', value='77', number=77)
-- quiet: host(name='kernel', value='5.10.0', number=5010000)
SELECT 'Linux ' || k.value AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry,
       NULL AS src_offset, k.value AS kernel
FROM host AS k
WHERE k.name = 'kernel' AND k.number < 5005000
  AND NOT EXISTS (SELECT 1 FROM host AS l WHERE l.name = 'sysctl.kernel.ns_last_pid')
