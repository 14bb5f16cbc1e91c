-- id: cpu-cpuinfo-xfeatures
-- severity: error
-- category: host
-- scope: host
-- title: the CPU of the dump could do more
-- message: {model_name} had state {lacking} that the host's CPU lacks
-- why: The dump recorded what its CPU could do (--cpu-cap), and the restore compares.
-- fix: restore on a CPU that has these features, or with --cpu-cap=none
-- see: criu arch/x86/cpu.c
-- fires: cpu(number=0, arch='x86', xfeatures=0x2e7) host(name='cpu.xstate', value='0xe7', number=0xe7)
-- quiet: cpu(number=0, arch='x86', xfeatures=0x7) host(name='cpu.xstate', value='0xe7', number=0xe7)
-- quiet: cpu(number=0, arch='x86', xfeatures=0x2e7)
SELECT 'CPU ' || c.number AS subject, NULL AS pid, NULL AS fd, c.src_image, c.src_entry, c.src_offset, c.model_name,
       printf('0x%x', c.xfeatures & ~h.number) AS lacking
FROM cpu AS c JOIN host AS h ON h.name = 'cpu.xstate'
WHERE c.number = 0 AND c.xfeatures & ~h.number
