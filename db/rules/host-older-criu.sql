-- id: host-older-criu
-- severity: warning
-- category: host
-- scope: host
-- title: an older CRIU than the one that dumped
-- message: dumped by CRIU {image}, and the host has {host}
-- why: CRIU reads images of older versions. A newer one may have written what an older one does not know.
-- fix: install CRIU {image} or later
-- fires: checkpoint(criu_version='4.2.1') host(name='version.criu', value='3.17.1-2', number=3017001)
-- quiet: checkpoint(criu_version='3.17.1') host(name='version.criu', value='3.17.1-2', number=3017001)
-- quiet: checkpoint(criu_version='3.9') host(name='version.criu', value='3.17.1-2', number=3017001)
-- quiet: checkpoint(criu_version='4.2.1') host(name='version.criu')
SELECT 'CRIU ' || h.value AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry,
       NULL AS src_offset, c.criu_version AS image, h.value AS host
FROM checkpoint AS c JOIN host AS h ON h.name = 'version.criu'
WHERE h.number / 1000 < CAST(c.criu_version AS INTEGER) * 1000 +
                        CAST(substr(c.criu_version, instr(c.criu_version, '.') + 1) AS INTEGER)
