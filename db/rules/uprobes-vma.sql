-- id: uprobes-vma
-- severity: error
-- category: memory
-- scope: live log
-- title: uprobes
-- message: process {pid} has a mapping of uprobes at {subject}
-- why: A tracer (bpftrace, perf, an eBPF agent) has put breakpoints into the program.
-- fix: detach the probes, or dump and restore with --allow-uprobes (CRIU 4.2)
-- see: criu proc_parse.c
-- fires: vma(pid=7, start=0x1000, end=0x2000, kind='uprobes')
-- quiet: vma(pid=7, start=0x1000, end=0x2000, kind='vdso')
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset
FROM vma
WHERE kind = 'uprobes'
