-- id: mnt-binfmt-misc
-- severity: warning
-- category: mount
-- scope: image
-- profiles: same-host=note
-- group: all
-- title: interpreters for foreign executables
-- message: {n|entry|entries} of binfmt_misc: {list}
-- why: They are registered with the kernel, before Linux 6.7 for the whole host.
-- fix: see that the host may have them
-- see: criu filesystems.c
-- fires: binfmt_misc(name='qemu-arm', interpreter='/usr/bin/qemu-arm', enabled=1)
-- quiet: mount(mountpoint='/proc/sys/fs/binfmt_misc', fstype='binfmt_misc')
SELECT name AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, interpreter, flags
FROM binfmt_misc
