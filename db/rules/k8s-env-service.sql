-- id: k8s-env-service
-- severity: note
-- category: kubernetes
-- scope: image live
-- profiles: other-host=warning other-pod=warning forensic=off
-- group: name
-- title: addresses of a cluster in the environment
-- message: {n|process has|processes have} {name}={value}
-- why: The variable was set when the container was made, and stays as it is in another cluster.
-- fix: look services up by name
-- fires: env(pid=1, name='KUBERNETES_SERVICE_HOST', value='10.96.0.1')
-- quiet: env(pid=1, name='HOME', value='/root')
SELECT name AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, name, value
FROM env
WHERE name = 'KUBERNETES_SERVICE_HOST'
