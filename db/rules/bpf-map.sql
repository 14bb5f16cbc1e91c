-- id: bpf-map
-- severity: warning
-- category: file
-- scope: image live
-- profiles: same-host=note
-- title: a BPF map
-- message: {subject} ({type}) is made anew
-- why: That takes CAP_BPF and locked memory; map_extra is not restored.
-- fix: restore with CAP_BPF or CAP_SYS_ADMIN
-- see: criu bpfmap.c
-- fires: bpfmap(file_id=9, pid=7, map_id=3, name='m', type='hash')
-- quiet: file(id=3, type='reg')
SELECT 'map ' || coalesce(name, map_id) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, type, max_entries, frozen
FROM bpfmap
