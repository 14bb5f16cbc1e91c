-- id: host-pid-taken
-- severity: error
-- category: host
-- scope: host
-- profiles: other-host=warning other-pod=warning forensic=off
-- group: all
-- title: pids that are taken
-- message: {n|process|processes} of the host {n|has|have} a pid that the checkpoint needs: {list}
-- why: The tasks had the pids of the host, and get them back. Where another process has one by then the restore fails.
-- fix: restore in a pid namespace of its own ("unshare -p -f --mount-proc"), or when the pids are free
-- see: criu cr-restore.c
-- fires: namespace(type='pid', id=9, is_host=1) process(pid=77, comm='x', pid_ns=9) host(name='pid', value='77', number=77)
-- quiet: namespace(type='pid', id=9, is_host=1) process(pid=77, comm='x', pid_ns=9) host(name='pid', value='78', number=78)
-- quiet: namespace(type='pid', id=9, is_host=0) process(pid=77, comm='x', pid_ns=9) host(name='pid', value='77', number=77)
SELECT p.pid || ' (' || p.comm || ')' AS subject, NULL AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset,
       h.source
FROM process AS p JOIN namespace AS n ON n.type = 'pid' AND n.id = p.pid_ns AND n.is_host = 1
  JOIN host AS h ON h.name = 'pid' AND h.number = p.pid
