-- id: init-is-systemd
-- severity: warning
-- category: process
-- scope: image live
-- profiles: same-host=note forensic=off
-- title: the first process is systemd
-- message: process {pid} is systemd
-- why: It holds files and sockets of many kinds, and such containers often cannot be dumped or restored.
-- fix: run the program itself as the first process
-- fires: process(pid=1, ppid=0, comm='systemd')
-- quiet: process(pid=1, ppid=0, comm='nginx')
-- quiet: process(pid=9, ppid=1, comm='systemd')
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, exe
FROM process
WHERE ppid = 0 AND comm = 'systemd'
