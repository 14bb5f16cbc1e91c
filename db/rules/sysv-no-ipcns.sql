-- id: sysv-no-ipcns
-- severity: error
-- category: memory
-- scope: live log
-- title: System V shared memory in the host's IPC namespace
-- message: process {pid} has attached a segment at {subject}, and shares the IPC namespace of the host
-- why: CRIU dumps segments only together with the namespace that has them. PostgreSQL attaches a small one.
-- fix: give the tasks an IPC namespace of their own (unshare --ipc, --ipc=private)
-- see: criu cr-dump.c
-- fires: vma(pid=7, start=0x1000, end=0x2000, kind='sysv') process(pid=7, ipc_ns=2) namespace(type='ipc', id=2, is_host=1)
-- quiet: vma(pid=7, start=0x1000, end=0x2000, kind='sysv') process(pid=7, ipc_ns=11) namespace(type='ipc', id=11, is_host=0)
SELECT printf('0x%x', v.start) AS subject, v.pid AS pid, NULL AS fd, v.src_image, v.src_entry, v.src_offset, v.size
FROM vma AS v JOIN process AS p ON p.pid = v.pid JOIN namespace AS n ON n.type = 'ipc' AND n.id = p.ipc_ns
WHERE v.kind = 'sysv' AND n.is_host = 1
