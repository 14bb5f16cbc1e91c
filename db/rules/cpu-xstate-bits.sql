-- id: cpu-xstate-bits
-- severity: note
-- category: cpu
-- scope: image
-- profiles: same-host=off other-host=warning other-pod=warning forensic=off
-- group: all
-- title: register state beyond AVX
-- message: {n|thread has|threads have} state of AVX-512, PKRU, AMX or CET: {list}
-- why: A CPU that lacks it cannot take that state back.
-- fix: restore on a CPU that has at least these features
-- see: criu arch/x86/crtools.c
-- fires: thread(pid=9, tid=9, xstate_features=0xe7)
-- quiet: thread(pid=9, tid=9, xstate_features=0xe7) host(name='cpu.xstate', value='0xe7', number=0xe7)
-- quiet: thread(pid=9, tid=9, xstate_features=0x7)
SELECT 'thread ' || tid AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset,
       printf('0x%x', xstate_features) AS features
FROM thread
WHERE xstate_features & 0x61ae0 AND NOT EXISTS (SELECT 1 FROM host WHERE name = 'cpu.xstate')
