-- id: rootfs-accounts-changed
-- severity: warning
-- category: forensics
-- scope: image
-- profiles: forensic=error
-- title: accounts, keys or scheduled jobs were changed
-- message: {subject} was {change}
-- why: Files that decide who may log in and what runs by itself are where somebody stays.
-- fix: compare with the container image
-- attack: T1098
-- fires: rootfs(change='modified', type='file', path='/etc/passwd', source='rootfs-diff')
-- fires: rootfs(change='added', type='file', path='/root/.ssh/authorized_keys', source='rootfs-diff')
-- fires: rootfs(change='added', type='file', path='/etc/ld.so.preload', source='rootfs-diff')
-- quiet: rootfs(change='added', type='file', path='/etc/hostname', source='rootfs-diff')
SELECT path AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, change, size, mtime
FROM rootfs
WHERE type <> 'directory' AND source IN ('rootfs-diff', 'layer', 'deleted.files')
  AND (path IN ('/etc/passwd', '/etc/shadow', '/etc/group', '/etc/sudoers', '/etc/crontab', '/etc/ld.so.preload', '/etc/profile',
                '/etc/bash.bashrc', '/etc/rc.local', '/root/.bashrc', '/root/.profile')
       OR path GLOB '/etc/cron.*/*' OR path GLOB '/var/spool/cron/*' OR path GLOB '/etc/sudoers.d/*' OR path GLOB '*/.ssh/*'
       OR path GLOB '/etc/systemd/system/*' OR path GLOB '/etc/pam.d/*' OR path GLOB '/etc/init.d/*')
