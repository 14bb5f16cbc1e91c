-- id: eng-pre-checkpoint-needed
-- severity: warning
-- category: engine
-- scope: image
-- profiles: forensic=note
-- title: the rest of the memory is in a pre-checkpoint
-- message: the archive goes with the one of "podman container checkpoint --pre-checkpoint"
-- why: Unchanged pages are there only.
-- fix: podman container restore --import FILE --import-previous PRE, with both archives
-- fires: checkpoint(producer='podman', parent='../pre-checkpoint')
-- quiet: checkpoint(producer='podman')
SELECT parent AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, parent
FROM checkpoint
WHERE producer = 'podman' AND parent IS NOT NULL
