-- id: anon-bpf-prog
-- severity: blocker
-- category: file
-- scope: live log
-- title: BPF programs
-- message: {subject} is open
-- why: Of BPF only maps of the types hash and array can be dumped.
-- fix: close it before the dump
-- see: criu files-ext.c
-- fires: file(id=3, pid=7, fds=1, path='anon_inode:bpf-prog')
-- quiet: file(id=3, pid=7, fds=1, path='anon_inode:bpf-map')
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset
FROM file
WHERE path LIKE 'anon_inode:bpf%' AND path <> 'anon_inode:bpf-map' OR path LIKE 'anon_inode:[[]bpf%' OR path = 'anon_inode:btf'
