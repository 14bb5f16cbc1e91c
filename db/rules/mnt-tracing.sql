-- id: mnt-tracing
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: same-host=note
-- title: insides of the kernel are mounted
-- message: {subject} is of type {fstype}
-- why: Tracing, debugging and BPF file systems of the host show, and change, what the kernel does.
-- fix: do not mount them into containers
-- attack: T1611
-- fires: mount(mnt_id=5, mountpoint='/sys/kernel/debug', fstype='debugfs')
-- quiet: mount(mnt_id=5, mountpoint='/sys', fstype='sysfs')
-- quiet: mount(ns_id=1, mnt_id=5, mountpoint='/sys/kernel/debug', fstype='debugfs') namespace(type='mnt', id=1, is_host=1)
SELECT mountpoint AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, fstype, source
FROM mount AS m
WHERE fstype IN ('debugfs', 'tracefs', 'bpf', 'securityfs', 'configfs', 'pstore')
  AND NOT EXISTS (SELECT 1 FROM namespace AS n WHERE n.type = 'mnt' AND n.id = m.ns_id AND n.is_host = 1)
