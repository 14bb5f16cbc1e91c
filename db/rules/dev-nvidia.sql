-- id: dev-nvidia
-- severity: error
-- category: device
-- scope: live log
-- over: dev-char-unsupported
-- title: an NVIDIA GPU
-- message: {subject} is open
-- why: CRIU's CUDA plugin moves the state of the GPU into memory first. It needs the program cuda-checkpoint and driver
--   555 or later; no managed memory, no MIG, no MPS.
-- fix: install CRIU's CUDA plugin and cuda-checkpoint; free contexts that are not needed
-- see: https://github.com/checkpoint-restore/criu/issues/2395
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/dev/nvidia0', mode=0x21b6)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/dev/null', mode=0x21b6)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, printf('0%o', mode) AS mode
FROM file
WHERE path LIKE '/dev/nvidia%'
