-- id: caps-ambient
-- severity: warning
-- category: forensics
-- scope: image live
-- group: cap_ambient
-- title: ambient capabilities
-- message: {n|process passes|processes pass} capabilities on to every program that they start: {list}
-- why: They survive execve of an ordinary program, whoever it belongs to.
-- fix: clear them (capsh --noamb)
-- attack: T1548
-- fires: process(pid=1, comm='x', cap_ambient=0x2000)
-- quiet: process(pid=1, comm='x', cap_ambient=0)
-- quiet: process(pid=1, comm='x')
SELECT comm AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, printf('0x%x', cap_ambient) AS capabilities, cap_ambient
FROM process
WHERE cap_ambient <> 0
