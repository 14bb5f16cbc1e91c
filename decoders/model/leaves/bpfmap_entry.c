/*
 * What bpfmap-data.img holds: behind each message COUNT keys, back to back, then as many values. How long
 * one is follows from the sums; a map whose sums are no multiples of the count cannot be taken apart.
 */
#include "anon-files.pb-c.h"
#include "decoders/base/cursor.h"
#include "decoders/model/leaves/bpfmap_entry.h"

static void take_entries(struct checkpoint *checkpoint, struct leaf_rows *rows,
			 const BpfmapDataEntry *from, struct bytes content, struct origin origin)
{
	struct bytes held = arena_copy(&checkpoint->arena, content), keys, values;
	struct cursor cursor = cursor_over(held, false), key_cursor, value_cursor;

	if (!cursor_take(&cursor, from->keys_bytes, &keys) ||
	    !cursor_take(&cursor, from->values_bytes, &values))
		return; /* told when the entry was read */
	key_cursor = cursor_over(keys, false);
	value_cursor = cursor_over(values, false);
	for (uint32_t i = 0; i < from->count; i++) {
		struct bytes key, value;
		struct bpfmap_entry *entry;

		if (!cursor_take(&key_cursor, from->keys_bytes / from->count, &key) ||
		    !cursor_take(&value_cursor, from->values_bytes / from->count, &value))
			return;
		entry = leaf_add(checkpoint, rows);
		*entry = (struct bpfmap_entry){ .origin = origin, .map_id = from->map_id, .place = i,
						.key = key, .value = value };
	}
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "BPFMAP_DATA", &reader, "bpfmap-data.img"))
		return;
	while (image_next(&reader, &entry)) {
		const BpfmapDataEntry *from = (const BpfmapDataEntry *)entry.message;

		if (from->count == 0)
			continue;
		if (from->keys_bytes % from->count || from->values_bytes % from->count ||
		    (!from->keys_bytes && !from->values_bytes)) {
			image_problem(&reader,
				      error_new(ERROR_DAMAGED, "%u entries of a map in %u and %u bytes",
						from->count, from->keys_bytes, from->values_bytes),
				      entry.index, entry.offset);
			continue;
		}
		take_entries(checkpoint, rows, from, entry.extra, load_origin(&reader, &entry));
	}
	load_close(checkpoint, &reader);
}

const struct leaf leaf_bpfmap_entry = {
	.name = "bpfmap_entry",
	.row_size = sizeof(struct bpfmap_entry),
	.needs = PART_INVENTORY,
	.load = load,
};
