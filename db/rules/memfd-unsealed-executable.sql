-- id: memfd-unsealed-executable
-- severity: note
-- category: forensics
-- scope: image live
-- profiles: forensic=warning
-- group: pid
-- title: a file in memory is mapped to be executed
-- message: {n|mapping|mappings} of memory files can be executed: {list}
-- why: Code that was never in a file. Just-in-time compilers do so for their own; loaders of malware, too.
-- fix: "coldcase carve --what memfd" writes it out of a checkpoint; of a running process copy it from /proc/PID/map_files
-- attack: T1620
-- fires: vma(pid=7, start=0x1000, end=0x2000, prot='r-xs', kind='memfd', path='/memfd:jit')
-- quiet: vma(pid=7, start=0x1000, end=0x2000, prot='rw-s', kind='memfd', path='/memfd:jit')
SELECT coalesce(path, printf('0x%x', start)) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, prot, size
FROM vma
WHERE kind = 'memfd' AND prot LIKE '__x_'
