-- id: regfile-dangling
-- severity: blocker
-- category: integrity
-- scope: image
-- profiles: forensic=warning
-- title: a process refers to a file that is not there
-- message: process {pid}: {missing} refers to a file that no image describes
-- why: The images contradict each other.
-- fix: copy the checkpoint again, or dump again
-- see: criu files-reg.c
-- fires: process(pid=7, comm='x', state='alive', exe_file_id=5) member(name='files.img', kind='FILES')
-- fires: process(pid=7, comm='x', state='alive', exe_file_id=5, exe='/x', cwd_file_id=6)
-- quiet: process(pid=7, comm='x', state='alive', exe_file_id=5, exe='/x', cwd_file_id=6, cwd='/', root_file_id=7, root='/')
-- quiet: process(pid=7, comm='x', state='zombie')
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset,
       CASE WHEN exe IS NULL AND exe_file_id IS NOT NULL THEN 'its executable'
            WHEN cwd IS NULL AND cwd_file_id IS NOT NULL THEN 'its working directory'
            ELSE 'its root' END AS missing
FROM process
WHERE exe IS NULL AND exe_file_id IS NOT NULL OR cwd IS NULL AND cwd_file_id IS NOT NULL
   OR root IS NULL AND root_file_id IS NOT NULL
