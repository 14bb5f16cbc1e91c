#include "decoders/model/segments.h"

#include "decoders/model/load.h"
#include "namespaces.pb-c.h"

static void take_segment(struct checkpoint *checkpoint, const struct member *member,
			 const struct image_reader *reader, const struct image_entry *entry)
{
	const IpcShmEntry *from = (const IpcShmEntry *)entry->message;

	if (from->in_pagemaps || !from->desc || !entry->extra.len)
		return;
	*vec_push(&checkpoint->arena, &checkpoint->segments) = (struct segment){
		.id = from->desc->id,
		.member = member,
		.offset = (uint64_t)(entry->extra.data - reader->image.data),
		.len = from->size < entry->extra.len ? from->size : entry->extra.len,
	};
}

static void read_segments(struct checkpoint *checkpoint)
{
	const struct member *member;
	struct image_reader reader;
	struct image_entry entry;
	size_t position = 0;
	uint64_t id;

	while ((member = load_next(checkpoint, "IPCNS_SHM", &position, &id))) {
		if (!load_open(checkpoint, member, "IPCNS_SHM", &reader))
			continue;
		while (image_next(&reader, &entry))
			take_segment(checkpoint, member, &reader, &entry);
		load_close(checkpoint, &reader);
	}
}

const struct segment *segment_find(struct checkpoint *checkpoint, uint64_t id)
{
	if (!checkpoint->segments_read)
		read_segments(checkpoint);
	checkpoint->segments_read = true;
	for (size_t i = 0; i < checkpoint->segments.n; i++)
		if (checkpoint->segments.items[i].id == id)
			return &checkpoint->segments.items[i];
	return NULL;
}
