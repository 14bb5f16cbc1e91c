-- id: eng-pre-checkpoint-needed
-- severity: warning
-- category: engine
-- scope: image
-- over all: parent-page-missing parent-not-here parent-missing
-- title: the rest of the memory is in a pre-checkpoint
-- message: the archive goes with the one of "podman container checkpoint --pre-checkpoint"
-- why: Unchanged pages are there only.
-- fix: podman container restore --import FILE --import-previous PRE, with both archives; here: --parent PRE
-- fires: checkpoint(producer='podman', parent='../pre-checkpoint', missing_parent='../pre-checkpoint')
-- quiet: checkpoint(producer='podman', parent='../pre-checkpoint')
-- quiet: checkpoint(producer='podman')
-- quiet: checkpoint(producer='runc', parent='../1', missing_parent='../1')
SELECT missing_parent AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, missing_parent
FROM checkpoint
WHERE producer = 'podman' AND missing_parent IS NOT NULL
