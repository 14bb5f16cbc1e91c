-- id: preload-not-mapped
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: forensic=error
-- title: a preloaded library is not in the mappings
-- message: process {pid} was told to load {value}, and has it not mapped
-- why: It was removed, or hides itself.
-- fix: look at the mappings: "coldcase maps -p {pid}"
-- attack: T1574.006
-- fires: env(pid=7, name='LD_PRELOAD', value='/tmp/x.so') vma(pid=7, start=0x1000, end=0x2000, kind='file', path='/bin/x')
-- quiet: env(pid=7, name='LD_PRELOAD', value='/tmp/x.so') vma(pid=7, start=0x1000, end=0x2000, kind='file', path='/tmp/x.so')
-- quiet: env(pid=7, name='LD_PRELOAD', value='') vma(pid=7, start=0x1000, end=0x2000, kind='file', path='/bin/x')
SELECT e.value AS subject, e.pid AS pid, NULL AS fd, e.src_image, e.src_entry, e.src_offset, e.value
FROM env AS e
WHERE e.name = 'LD_PRELOAD' AND e.value GLOB '/*' AND e.value NOT GLOB '*[: ]*'
  AND EXISTS (SELECT 1 FROM vma AS v WHERE v.pid = e.pid)
  AND NOT EXISTS (SELECT 1 FROM vma AS v WHERE v.pid = e.pid AND v.path = e.value)
