-- Each container over time: how long it was frozen, how large it is, by how much it grew
-- over: index
SELECT node, namespace, pod, container, checkpoint, checkpointed, frozen_us, memdump_us, memwrite_us,
       size, size_more, pages, pages_more, processes, fds, sockets
FROM trend
ORDER BY node, namespace, pod, container, checkpointed, checkpoint
