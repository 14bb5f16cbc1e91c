-- id: mnt-unreachable-master
-- severity: error
-- category: mount
-- scope: live log
-- assume: external
-- title: a mount that receives mounts from outside
-- message: {subject} receives mounts of peer group {master_id}, which nobody here is in
-- why: Its master is on the host.
-- fix: dump with --enable-external-masters, and do not use rslave propagation
-- fix runc: put enable-external-masters into /etc/criu/runc.conf
-- see: https://github.com/opencontainers/runc/issues/4522
-- fires: mount(ns_id=1, mnt_id=5, mountpoint='/x', master_id=3)
-- quiet: mount(ns_id=1, mnt_id=5, mountpoint='/x', master_id=3) mount(ns_id=1, mnt_id=6, mountpoint='/y', shared_id=3)
-- quiet: mount(ns_id=1, mnt_id=5, mountpoint='/x', master_id=3) namespace(type='mnt', id=1, is_host=1)
-- quiet: mount(ns_id=1, mnt_id=5, mountpoint='/x')
SELECT m.mountpoint AS subject, NULL AS pid, NULL AS fd, m.src_image, m.src_entry, m.src_offset, m.master_id, m.source
FROM mount AS m
WHERE m.master_id > 0 AND NOT EXISTS (SELECT 1 FROM mount AS o WHERE o.ns_id = m.ns_id AND o.shared_id = m.master_id)
  AND NOT EXISTS (SELECT 1 FROM namespace AS n WHERE n.type = 'mnt' AND n.id = m.ns_id AND n.is_host = 1)
