/* BPF maps: open files, and what bpfmap-data.img holds of their content. */
#include "anon-files.pb-c.h"
#include "decoders/model/leaves/bpfmap.h"
#include "decoders/model/leaves/open_files.h"

struct content {
	uint32_t entries, keys_bytes, values_bytes;
};

struct taking {
	struct leaf_rows *rows;
	VEC(struct content) contents;
	struct map by_map; /* map id to content */
};

static void load_contents(struct checkpoint *checkpoint, struct taking *taking)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "BPFMAP_DATA", &reader, "bpfmap-data.img"))
		return;
	while (image_next(&reader, &entry)) {
		const BpfmapDataEntry *data = (const BpfmapDataEntry *)entry.message;

		if (map_put(&checkpoint->arena, &taking->by_map, data->map_id,
			    (uint32_t)taking->contents.n))
			*vec_push(&checkpoint->arena, &taking->contents) = (struct content){
				data->count, data->keys_bytes, data->values_bytes };
	}
	load_close(checkpoint, &reader);
}

static struct content content_of(const struct taking *taking, uint32_t map_id)
{
	uint32_t i = map_get(&taking->by_map, map_id);

	return i == MAP_NONE ? (struct content){ ABSENT_U32, ABSENT_U32, ABSENT_U32 }
			     : taking->contents.items[i];
}

static void add_map(struct checkpoint *checkpoint, struct taking *taking,
		    const BpfmapFileEntry *from, struct origin origin)
{
	struct open_file_name file = open_file_name(checkpoint, FD_TYPES__BPFMAP, from->id);
	struct content content = content_of(taking, from->map_id);
	struct bpfmap *map = leaf_add(checkpoint, taking->rows);

	*map = (struct bpfmap){
		.origin = origin,
		.file_id = file.file_id, .pid = file.pid,
		.map_id = from->map_id,
		.name = load_text(checkpoint, from->has_map_name, from->map_name),
		.map_type = from->map_type,
		.key_size = from->key_size, .value_size = from->value_size,
		.max_entries = from->max_entries,
		.flags = from->map_flags,
		.extra = from->has_map_extra ? from->map_extra : ABSENT_U64,
		.memlock = from->memlock,
		.ifindex = from->ifindex,
		.is_frozen = from->frozen,
		.entries = content.entries,
		.keys_bytes = content.keys_bytes, .values_bytes = content.values_bytes,
	};
}

static void take_map(struct checkpoint *checkpoint, void *taking, const struct file_entry *entry)
{
	if (entry->message->bpf)
		add_map(checkpoint, taking, entry->message->bpf, entry->origin);
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct taking taking = { .rows = rows };

	load_contents(checkpoint, &taking);
	file_entries_each(checkpoint, FD_TYPES__BPFMAP, take_map, &taking);
}

const struct leaf leaf_bpfmap = {
	.name = "bpfmap",
	.row_size = sizeof(struct bpfmap),
	.needs = PART_FDS,
	.load = load,
};
