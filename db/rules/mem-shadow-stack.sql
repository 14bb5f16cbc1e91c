-- id: mem-shadow-stack
-- severity: note
-- category: cpu
-- scope: image log
-- profiles: other-host=error other-pod=error forensic=off
-- group: pid
-- title: shadow stacks
-- message: {n|shadow stack|shadow stacks}: {list}
-- why: They take a CPU with CET and Linux 6.6 or later.
-- fix: restore on such a host, or start programs with GLIBC_TUNABLES=glibc.cpu.x86_shstk=off
-- see: criu arch/x86/shstk.c
-- fires: vma(pid=9, start=0x1000, end=0x2000, kind='shstk')
-- quiet: vma(pid=9, start=0x1000, end=0x2000, kind='stack')
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, size
FROM vma
WHERE kind = 'shstk'
