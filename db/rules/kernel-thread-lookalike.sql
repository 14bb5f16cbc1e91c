-- id: kernel-thread-lookalike
-- severity: warning
-- category: forensics
-- scope: image live
-- profiles: forensic=error
-- title: a task that calls itself a kernel thread
-- message: process {pid} calls itself {comm} and runs {exe}
-- why: Threads of the kernel have no executable. Such a name is meant to be overlooked.
-- fix: look at what it does: "coldcase fds -p {pid}", "coldcase sockets -p {pid}"
-- attack: T1036.004
-- fires: process(pid=7, comm='kworker/0:1', exe='/usr/bin/x')
-- fires: process(pid=7, comm='[kthreadd]', exe='/usr/bin/x')
-- quiet: process(pid=7, comm='nginx', exe='/usr/sbin/nginx')
-- quiet: process(pid=7, comm='kworker/0:1')
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, comm, exe
FROM process
WHERE exe IS NOT NULL AND (comm GLOB '\[*' OR comm GLOB '[[]*]' OR comm GLOB 'kworker*' OR comm GLOB 'ksoftirqd*'
      OR comm GLOB 'kthreadd*' OR comm GLOB 'migration/*' OR comm GLOB 'rcu_*' OR comm GLOB 'kswapd*' OR comm GLOB 'kdevtmpfs*')
