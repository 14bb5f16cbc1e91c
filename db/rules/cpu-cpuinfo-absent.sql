-- id: cpu-cpuinfo-absent
-- severity: warning
-- category: cpu
-- scope: image
-- profiles: same-host=off forensic=off
-- title: nothing says which CPU it was
-- message: no cpuinfo image: a restore elsewhere compares nothing, and fails later with illegal instructions
-- why: CRIU writes it only with --cpu-cap, which no engine gives. Libraries have chosen their code paths by the CPU
--   that they started on.
-- fix: restore on a CPU that has every feature of the old one, or start programs with GLIBC_TUNABLES=glibc.cpu.hwcaps=...
-- see: https://github.com/podman-container-tools/podman/issues/17496
-- fires: checkpoint(processes=1, arch='x86_64')
-- quiet: checkpoint(processes=1, arch='x86_64') cpu(number=0)
-- quiet: checkpoint(processes=0)
SELECT arch AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, arch
FROM checkpoint
WHERE processes > 0 AND NOT EXISTS (SELECT 1 FROM cpu)
