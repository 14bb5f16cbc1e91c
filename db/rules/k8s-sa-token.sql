-- id: k8s-sa-token
-- severity: warning
-- category: kubernetes
-- scope: image live
-- title: a service account token
-- message: {subject} holds the pod's own credentials
-- group: all
-- why: The token is bound to the old pod and runs out. While it is valid, whoever has the checkpoint's memory may have
--   it too.
-- fix: treat the checkpoint as a secret; the program must read the token anew
-- attack: T1528
-- fires: mount(mnt_id=5, mountpoint='/var/run/secrets/kubernetes.io/serviceaccount')
-- fires: mount(mnt_id=5, mountpoint='/run/secrets/kubernetes.io/serviceaccount')
-- quiet: mount(mnt_id=5, mountpoint='/run/secrets')
SELECT mountpoint AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, source
FROM mount
WHERE mountpoint LIKE '%/secrets/kubernetes.io/serviceaccount%'
