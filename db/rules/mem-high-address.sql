-- id: mem-high-address
-- severity: warning
-- category: memory
-- scope: image
-- profiles: same-host=off forensic=off
-- group: pid
-- title: memory at addresses that not every CPU has
-- message: {n|mapping lies|mappings lie} beyond what 48 bits reach: {list}
-- why: With five levels of page tables a process has 57 bits of addresses, or 52 on arm64. Where the host has fewer, what
--   lies there cannot be mapped.
-- fix: restore on a machine and kernel with the same size of addresses
-- see: criu mem.c
-- fires: checkpoint(arch='x86_64') vma(pid=7, start=0x7f0000000000000, end=0x7f0000000001000, kind='anon')
-- quiet: checkpoint(arch='x86_64') vma(pid=7, start=0x7ffc00000000, end=0x7ffc00001000, kind='stack')
-- quiet: checkpoint(arch='x86_64') vma(pid=7, start=-10485760, end=-10481664, kind='vsyscall')
-- quiet: checkpoint(arch='aarch64') vma(pid=7, start=0xfffff0000000, end=0xfffff0001000, kind='stack')
SELECT printf('0x%x', v.start) AS subject, v.pid, NULL AS fd, v.src_image, v.src_entry, v.src_offset, v.kind
FROM vma AS v JOIN checkpoint AS c
  ON (c.arch = 'x86_64' AND v.end > 0x800000000000) OR (c.arch = 'aarch64' AND v.end > 0x1000000000000)
WHERE v.start > 0
