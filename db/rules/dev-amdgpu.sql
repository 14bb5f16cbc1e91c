-- id: dev-amdgpu
-- severity: error
-- category: device
-- scope: live log
-- over: dev-char-unsupported
-- title: an AMD GPU
-- message: {subject} is open
-- why: CRIU's amdgpu plugin needs a kernel driver that can take its queues apart.
-- fix: install CRIU's amdgpu plugin, on a kernel with KFD's CRIU calls
-- see: criu plugins/amdgpu
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/dev/kfd', mode=0x21b6)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/dev/null', mode=0x21b6)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, printf('0%o', mode) AS mode
FROM file
WHERE path = '/dev/kfd' OR path LIKE '/dev/dri/renderD%'
