-- id: cpu-xsave-needed
-- severity: error
-- category: host
-- scope: host
-- group: all
-- over: host-xstate
-- title: extended registers, and a CPU without them
-- message: {n|thread has|threads have} an XSAVE area, and the host's CPU has no XSAVE
-- why: CRIU refuses to restore registers that the CPU cannot take.
-- fix: restore on a CPU with XSAVE
-- see: criu arch/x86/crtools.c
-- fires: thread(pid=7, tid=7, xstate_features=3) host(name='cpu.flags', value='fpu sse sse2')
-- quiet: thread(pid=7, tid=7, xstate_features=3) host(name='cpu.flags', value='fpu sse sse2 xsave avx')
-- quiet: thread(pid=7, tid=7) host(name='cpu.flags', value='fpu sse sse2')
SELECT 'thread ' || t.tid AS subject, NULL AS pid, NULL AS fd, t.src_image, t.src_entry, t.src_offset
FROM thread AS t JOIN host AS h ON h.name = 'cpu.flags'
WHERE t.xstate_features IS NOT NULL AND ' ' || h.value || ' ' NOT LIKE '% xsave %'
