-- id: dev-snd-video-input
-- severity: blocker
-- category: device
-- scope: live log
-- over: dev-char-unsupported
-- title: sound, video or input
-- message: {subject} is open
-- why: The device keeps what is set up, and CRIU cannot ask for it.
-- fix: close it before the dump
-- see: criu files-ext.c
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/dev/snd/controlC0', mode=0x21b6)
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/dev/null', mode=0x21b6)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, printf('0%o', mode) AS mode
FROM file
WHERE path LIKE '/dev/snd/%' OR path LIKE '/dev/video%' OR path LIKE '/dev/input/%' OR path LIKE '/dev/hidraw%' OR path = '/dev/uinput'
