-- id: gpu-amd
-- severity: error
-- category: device
-- scope: image
-- profiles: forensic=note
-- group: all
-- title: memory and queues of an AMD GPU
-- message: {n|image|images} of the amdgpu plugin: {list}
-- why: CRIU restores them by that plugin alone, onto GPUs that are like those of the dump in model, memory and links.
-- fix: restore with the amdgpu plugin, on a node with the same GPUs
-- see: criu plugins/amdgpu
-- fires: member(name='checkpoint/amdgpu-kfd-7.img')
-- fires: member(name='amdgpu-pages-7-0.img')
-- quiet: member(name='checkpoint/core-7.img')
SELECT name AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, size
FROM member
WHERE name LIKE '%amdgpu-kfd-%.img' OR name LIKE '%amdgpu-pages-%.img' OR name LIKE '%amdgpu-renderD-%.img'
