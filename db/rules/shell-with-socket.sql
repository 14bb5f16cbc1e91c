-- id: shell-with-socket
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: forensic=error
-- title: a shell that talks to the network
-- message: process {pid} ({exe}) has a socket as descriptor {fd}
-- why: Standard input and output of a shell are a terminal, a pipe or a file. A socket there is a reverse shell.
-- fix: look where the socket leads: "coldcase sockets -p {pid}"
-- attack: T1059.004
-- fires: process(pid=7, comm='sh', exe='/bin/sh') fd(pid=7, fd=0, type='inetsk', path='socket:[5]')
-- quiet: process(pid=7, comm='sh', exe='/bin/sh') fd(pid=7, fd=0, type='pipe', path='pipe:[5]')
-- quiet: process(pid=7, comm='nginx', exe='/usr/sbin/nginx') fd(pid=7, fd=0, type='inetsk', path='socket:[5]')
SELECT 'fd ' || f.fd AS subject, p.pid AS pid, f.fd AS fd, f.src_image, f.src_entry, f.src_offset, p.exe, f.detail
FROM process AS p JOIN fd AS f ON f.pid = p.pid
WHERE f.fd <= 2 AND f.type = 'inetsk'
  AND (p.exe GLOB '*/sh' OR p.exe GLOB '*/bash' OR p.exe GLOB '*/dash' OR p.exe GLOB '*/zsh' OR p.exe GLOB '*/ash' OR p.comm IN ('sh', 'bash', 'ash', 'dash', 'zsh'))
