-- id: cap-privileged
-- severity: note
-- category: forensics
-- scope: image live
-- profiles: forensic=warning
-- group: cap_effective
-- title: every capability
-- message: {n|process has|processes have} every capability: {list}
-- why: A privileged container, or no container at all. Outside of a user namespace they can do what root can.
-- fix: drop what the program does not need
-- attack: T1611
-- fires: process(pid=1, comm='x', cap_effective=0x1ffffffffff)
-- quiet: process(pid=1, comm='x', cap_effective=0xa80425fb)
SELECT comm AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, cap_effective
FROM process
WHERE cap_effective & 0x1fffffffff = 0x1fffffffff
