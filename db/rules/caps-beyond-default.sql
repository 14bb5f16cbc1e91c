-- id: caps-beyond-default
-- severity: warning
-- category: forensics
-- scope: image live
-- group: cap_effective
-- over: cap-privileged
-- title: capabilities beyond those of ordinary containers
-- message: {n|process has|processes have} {extra}: {list}
-- why: Engines give 14 capabilities at most unless they are told otherwise. Each one beyond is a way to the host.
-- fix: drop what the program does not need (--cap-drop)
-- attack: T1611
-- fires: process(pid=1, comm='x', cap_effective=0x200000)
-- quiet: process(pid=1, comm='x', cap_effective=0xa80425fb)
-- quiet: process(pid=1, comm='x', cap_effective=0x1ffffffffff)
WITH names(bit, name) AS (VALUES (2, 'DAC_READ_SEARCH'), (9, 'LINUX_IMMUTABLE'), (11, 'NET_BROADCAST'), (12, 'NET_ADMIN'),
  (14, 'IPC_LOCK'), (15, 'IPC_OWNER'), (16, 'SYS_MODULE'), (17, 'SYS_RAWIO'), (19, 'SYS_PTRACE'), (20, 'SYS_PACCT'),
  (21, 'SYS_ADMIN'), (22, 'SYS_BOOT'), (23, 'SYS_NICE'), (24, 'SYS_RESOURCE'), (25, 'SYS_TIME'), (26, 'SYS_TTY_CONFIG'),
  (28, 'LEASE'), (30, 'AUDIT_CONTROL'), (32, 'MAC_OVERRIDE'), (33, 'MAC_ADMIN'), (34, 'SYSLOG'), (35, 'WAKE_ALARM'),
  (36, 'BLOCK_SUSPEND'), (37, 'AUDIT_READ'), (38, 'PERFMON'), (39, 'BPF'), (40, 'CHECKPOINT_RESTORE'))
SELECT p.comm AS subject, NULL AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset, p.cap_effective,
       (SELECT group_concat(name, ', ') FROM names WHERE p.cap_effective >> bit & 1) AS extra
FROM process AS p
WHERE p.cap_effective & ~0xa80425fb <> 0 AND p.cap_effective & 0x1fffffffff <> 0x1fffffffff
