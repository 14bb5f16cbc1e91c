-- id: dev-kvm
-- severity: blocker
-- category: device
-- scope: live log
-- over: dev-char-unsupported
-- title: a virtual machine
-- message: {subject} is open
-- why: The machine's state is in the kernel, and CRIU does not ask for it.
-- fix: use the snapshots of the virtual machine
-- see: criu files-ext.c
-- fires: file(id=3, pid=7, fds=1, type='reg', path='/dev/kvm', mode=0x21b6)
-- fires: file(id=3, pid=7, fds=1, path='anon_inode:kvm-vm')
-- quiet: file(id=3, pid=7, fds=1, type='reg', path='/dev/null', mode=0x21b6)
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, printf('0%o', mode) AS mode
FROM file
WHERE path = '/dev/kvm' OR path LIKE 'anon_inode:kvm-%'
