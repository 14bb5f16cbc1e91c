-- id: shell-as-init
-- severity: note
-- category: forensics
-- scope: image live
-- profiles: forensic=warning same-host=off
-- title: an interactive shell is the first process
-- message: process {pid} is {exe}, on a terminal
-- why: Somebody worked in this container by hand.
-- fix: look at its history: "coldcase strings -p {pid}"
-- attack: T1059.004
-- fires: process(pid=1, ppid=0, sid=1, comm='bash', exe='/bin/bash') tty(id=1, type='pty', sid=1)
-- quiet: process(pid=1, ppid=0, sid=1, comm='bash', exe='/bin/bash')
-- quiet: process(pid=1, ppid=0, sid=1, comm='nginx', exe='/usr/sbin/nginx') tty(id=1, type='pty', sid=1)
SELECT p.comm AS subject, p.pid AS pid, NULL AS fd, p.src_image, p.src_entry, p.src_offset, p.exe
FROM process AS p JOIN tty AS t ON t.sid = p.sid
WHERE p.ppid = 0 AND (p.exe GLOB '*/bash' OR p.exe GLOB '*/sh' OR p.exe GLOB '*/dash' OR p.exe GLOB '*/zsh' OR p.exe GLOB '*/ash')
