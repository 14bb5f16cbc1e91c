-- id: netns-external
-- severity: note
-- category: namespace
-- scope: image log
-- profiles: plain-criu=error forensic=off
-- title: the network namespace is given from outside
-- message: {subject} must be supplied under the name {ext_key}
-- why: The images hold no devices and addresses of it. Container runtimes make the namespace first and hand it over.
-- fix: nothing to do with a container engine
-- fix criu: open the namespace and add --inherit-fd 'fd[N]:KEY', where KEY is the name above
-- see: criu net.c
-- fires: namespace(type='net', id=10, ext_key='extNetNs')
-- quiet: namespace(type='net', id=10)
SELECT 'network namespace ' || id AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, ext_key
FROM namespace
WHERE type = 'net' AND ext_key IS NOT NULL AND ext_key <> ''
