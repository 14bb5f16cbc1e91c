-- id: host-page-size
-- severity: blocker
-- category: host
-- scope: host
-- title: another page size than the host's
-- message: pages of {image} bytes, and of {host} bytes on the host
-- why: Mappings begin and end at pages, and pages are stored whole.
-- fix: restore on a kernel with pages of {image} bytes
-- see: criu pagemap.c
-- fires: checkpoint(page_size=65536) host(name='page_size', value='4096', number=4096)
-- quiet: checkpoint(page_size=4096) host(name='page_size', value='4096', number=4096)
-- quiet: host(name='page_size', value='4096', number=4096) checkpoint(arch='x86_64')
SELECT c.page_size AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry, NULL AS src_offset,
       c.page_size AS image, h.number AS host
FROM checkpoint AS c JOIN host AS h ON h.name = 'page_size'
WHERE c.page_size <> h.number
