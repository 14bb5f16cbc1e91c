-- id: listening-shell
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: forensic=error
-- title: a shell or script interpreter that listens
-- message: process {pid} ({exe}) listens on {subject}
-- why: Web shells, bind shells and netcat-like tools do.
-- fix: look at what it was started with: "coldcase ps"
-- attack: T1571
-- fires: process(pid=7, comm='nc', exe='/usr/bin/nc') socket(id=3, pid=7, family='inet', state='LISTEN', local='0.0.0.0:4444')
-- quiet: process(pid=7, comm='nginx', exe='/usr/sbin/nginx') socket(id=3, pid=7, family='inet', state='LISTEN', local='0.0.0.0:80')
SELECT s.local AS subject, p.pid AS pid, NULL AS fd, s.src_image, s.src_entry, s.src_offset, p.exe, p.comm
FROM socket AS s JOIN process AS p ON p.pid = s.pid
WHERE s.family IN ('inet', 'inet6') AND s.state = 'LISTEN'
  AND (p.exe GLOB '*/sh' OR p.exe GLOB '*/bash' OR p.exe GLOB '*/dash' OR p.exe GLOB '*/nc' OR p.exe GLOB '*/ncat'
       OR p.exe GLOB '*/nc.*' OR p.exe GLOB '*/socat')
