-- id: ipc-shared-namespace
-- severity: note
-- category: namespace
-- scope: image
-- profiles: plain-criu=warning forensic=off
-- group: kind
-- title: System V objects
-- message: {n|object|objects} of kind {kind}: {list}
-- why: They come back with their ids in an IPC namespace of their own; in a shared one the ids may be taken.
-- fix: run the container with a private IPC namespace
-- see: criu ipc_ns.c
-- fires: sysv(kind='shm', id=0, key=0x5eed01, size=4096)
-- quiet: namespace(type='ipc', id=11)
SELECT kind || ' ' || id AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, kind, printf('0x%x', key) AS key
FROM sysv
