-- id: tcp-stream-missing
-- severity: blocker
-- category: integrity
-- scope: image
-- group: all
-- over: tcp-established tcp-established-internal tcp-established-leave-running
-- assume: tcp-close
-- title: TCP connections whose queues are missing
-- message: {n|connection has|connections have} no tcp-stream image: {list}
-- why: Sequence numbers, windows and what waits in the queues are in an image of their own. Without it the connection
--   can only be given up.
-- fix: take the checkpoint once more; what is left can be restored with --tcp-close
-- see: criu sk-tcp.c
-- fires: socket(id=3, pid=7, family='inet', proto='tcp', state='ESTABLISHED', local='10.0.0.1:80', remote='10.0.0.2:99')
-- quiet: socket(id=3, pid=7, family='inet', proto='tcp', state='ESTABLISHED', local='10.0.0.1:80', remote='10.0.0.2:99') tcp(socket_id=3, ino=9)
-- quiet: socket(id=3, pid=7, family='inet', proto='tcp', state='LISTEN', local='10.0.0.1:80')
-- quiet: socket(id=3, pid=7, family='unix', proto='', state='ESTABLISHED')
SELECT s.local || ' -> ' || s.remote AS subject, NULL AS pid, NULL AS fd, s.src_image, s.src_entry, s.src_offset,
       s.pid AS process
FROM socket AS s
WHERE s.family IN ('inet', 'inet6') AND s.proto = 'tcp' AND s.state NOT IN ('LISTEN', 'CLOSE')
  AND NOT EXISTS (SELECT 1 FROM tcp AS t WHERE t.socket_id = s.id)
