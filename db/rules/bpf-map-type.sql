-- id: bpf-map-type
-- severity: blocker
-- category: file
-- scope: live log
-- title: a BPF map of a type that cannot be dumped
-- message: {subject} is a {type}
-- why: CRIU dumps maps of the types hash and array.
-- fix: close it before the dump
-- see: criu bpfmap.c
-- fires: bpfmap(file_id=9, pid=7, map_id=3, name='m', map_type=5, type='percpu_hash')
-- quiet: bpfmap(file_id=9, pid=7, map_id=3, name='m', map_type=1, type='hash')
SELECT 'map ' || coalesce(name, map_id) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, type
FROM bpfmap
WHERE map_type NOT IN (1, 2)
