-- id: cpu-recorded
-- severity: note
-- category: cpu
-- scope: image
-- profiles: same-host=off forensic=off
-- title: the CPU is compared
-- message: the CPU that restores is held against {model}
-- why: A cpuinfo image is here, so CRIU refuses a CPU that lacks something.
-- fix: --cpu-cap chooses what is compared: none, fpu, ins, cpu
-- see: criu arch/x86/cpu.c
-- fires: cpu(number=0, model_name='A CPU', vendor='intel')
-- quiet: checkpoint(arch='x86_64')
SELECT coalesce(model_name, arch, 'cpu') AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset,
       coalesce(model_name, arch) AS model, xsave_size, capabilities
FROM cpu
WHERE number = 0
