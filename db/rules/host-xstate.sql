-- id: host-xstate
-- severity: error
-- category: host
-- scope: host
-- group: lacking
-- title: registers that the host's CPU does not have
-- message: {n|thread has|threads have} state {lacking} that this CPU cannot take back: {list}
-- why: What the CPU lacks (AVX 0x4, MPX 0x18, AVX-512 0xe0, PKRU 0x200, CET 0x1800, AMX 0x60000) is lost, or makes the
--   restore fail; and a program that found vector instructions when it began goes on to use them.
-- fix: restore on a CPU that has them
-- see: criu arch/x86/crtools.c
-- fires: thread(pid=7, tid=7, xstate_features=0x2e7) host(name='cpu.xstate', value='0xe7', number=0xe7)
-- fires: thread(pid=7, tid=7, xstate_features=0x7) host(name='cpu.xstate', value='0x3', number=3)
-- quiet: thread(pid=7, tid=7, xstate_features=0x7) host(name='cpu.xstate', value='0xe7', number=0xe7)
-- quiet: thread(pid=7, tid=7, xstate_features=0x2e7) host(name='arch', value='x86_64')
SELECT 'thread ' || t.tid AS subject, NULL AS pid, NULL AS fd, t.src_image, t.src_entry, t.src_offset,
       printf('0x%x', t.xstate_features & ~h.number) AS lacking,
       CASE WHEN t.xstate_features & ~h.number & 0x600e4 THEN 'error' ELSE 'warning' END AS severity
FROM thread AS t JOIN host AS h ON h.name = 'cpu.xstate'
WHERE t.xstate_features & ~h.number
