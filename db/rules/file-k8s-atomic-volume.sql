-- id: file-k8s-atomic-volume
-- severity: warning
-- category: kubernetes
-- scope: image live
-- profiles: other-host=error other-pod=error forensic=off
-- title: a file in a directory that the kubelet renames
-- message: {subject} lies in a dated directory of a projected volume
-- why: ConfigMaps, Secrets and projected volumes are directories named after the moment they were written. In a new pod
--   the directory has another name, and the file cannot be opened.
-- fix: read such files and close them; do not keep them open or mapped
-- see: criu files-reg.c
-- fires: file(id=3, pid=7, type='reg', path='/etc/cfg/..2026_11_23_14_00_00.123/app.conf')
-- quiet: file(id=3, pid=7, type='reg', path='/etc/cfg/app.conf')
SELECT path AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, mnt_id
FROM file
WHERE type = 'reg' AND path GLOB '*/..20[0-9][0-9]_[0-9][0-9]_[0-9][0-9]_*'
