-- id: unknown-fields
-- severity: note
-- category: integrity
-- scope: image
-- profiles: other-host=warning
-- group: all
-- over all: img-field-unknown
-- title: images of a newer CRIU
-- message: {n|field|fields} or images that this version does not know: {list}
-- why: A CRIU that does not know them either restores without them, and does not say so.
-- fix: restore with the CRIU that dumped it, or a newer one
-- see: criu protobuf.c
-- fires: unknown(what='field', image='mm-7.img', message='mm_entry', field=99)
-- quiet: member(name='mm-7.img', kind='MM')
SELECT image || coalesce(' ' || message, '') || coalesce(' field ' || field, '') AS subject, NULL AS pid, NULL AS fd,
       src_image, src_entry, src_offset, what
FROM unknown
