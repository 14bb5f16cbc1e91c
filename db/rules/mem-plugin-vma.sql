-- id: mem-plugin-vma
-- severity: error
-- category: device
-- scope: image
-- assume: devices
-- group: pid
-- title: memory of a device
-- message: {n|mapping|mappings} that a plugin dumped: {list}
-- why: They are mappings of a device, as GPUs have them.
-- fix: restore with the plugin that dumped them, on a host with the same device
-- see: criu proc_parse.c
-- fires: vma(pid=9, start=0x1000, end=0x2000, status=0x8000001, path='/dev/kfd')
-- quiet: vma(pid=9, start=0x1000, end=0x2000, status=0x201)
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, path, size
FROM vma
WHERE status & 0x8000000
