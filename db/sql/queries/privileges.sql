-- What processes may do: users, capabilities, seccomp, the label of the security module
SELECT p.checkpoint, p.pid, p.comm, p.uid, p.euid, p.cap_effective,
       p.cap_bounding, p.no_new_privs, p.seccomp, p.lsm_profile
FROM every.process AS p
WHERE p.state <> 'zombie'
ORDER BY p.cap_effective = 0, p.checkpoint, p.pid
