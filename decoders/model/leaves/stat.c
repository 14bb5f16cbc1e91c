/*
 * Statistics: stats-dump and stats-restore.
 *
 * CRIU writes them into its work directory, which is the image directory only where no other
 * was given; engines keep them at the root of the archive, beside the images' directory.
 */
#include "decoders/model/leaves/stat.h"
#include "decoders/source/name.h"
#include "inventory.pb-c.h"

static const char *unit_of(const char *name)
{
	size_t len = strlen(name);

	if (len > 5 && !strcmp(name + len - 5, "_time"))
		return "us";
	if (!strncmp(name, "pages_", 6) || !strncmp(name, "shpages_", 8))
		return "pages";
	return "count";
}

static void add_stats(struct checkpoint *checkpoint, struct leaf_rows *rows, const char *phase,
		      const ProtobufCMessage *message, struct origin origin)
{
	if (!message)
		return;
	for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
		const uint8_t *base = (const uint8_t *)message;
		struct stat_row *row;

		if (!*(const protobuf_c_boolean *)(base + field->quantifier_offset))
			continue;
		row = leaf_add(checkpoint, rows);
		*row = (struct stat_row){ origin, phase, field->name, unit_of(field->name), 0 };
		if (field->type == PROTOBUF_C_TYPE_UINT64)
			memcpy(&row->value, base + field->offset, sizeof(uint64_t));
		else
			row->value = *(const uint32_t *)(const void *)(base + field->offset);
	}
}

static const struct member *find_stats(struct checkpoint *checkpoint, const char *name)
{
	struct bytes above = bytes_dirname(checkpoint->images);
	const struct member *member = checkpoint_image(checkpoint, "%s", name);

	return member ? member
		      : source_find(&checkpoint->source,
				    name_join(&checkpoint->arena, above, bytes_of(name)));
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	static const char *const names[] = { "stats-dump", "stats-restore" };

	for (size_t i = 0; i < 2; i++) {
		const struct member *member = find_stats(checkpoint, names[i]);
		struct image_reader reader;
		struct image_entry entry;

		if (!member || !load_open(checkpoint, member, "STATS", &reader))
			continue;
		if (image_next(&reader, &entry)) {
			const StatsEntry *stats = (const StatsEntry *)entry.message;
			struct origin origin = load_origin(&reader, &entry);

			add_stats(checkpoint, rows, "dump", (const ProtobufCMessage *)stats->dump, origin);
			add_stats(checkpoint, rows, "restore", (const ProtobufCMessage *)stats->restore,
				  origin);
		}
		load_close(checkpoint, &reader);
	}
}

const struct leaf leaf_stat = {
	.name = "stat",
	.row_size = sizeof(struct stat_row),
	.load = load,
};

const struct stat_row *dump_stat(const struct checkpoint *checkpoint, const char *name)
{
	struct leaf_rows rows = checkpoint_leaf(checkpoint, &leaf_stat);
	const struct stat_row *stats = rows.items;

	for (size_t i = 0; i < rows.n; i++)
		if (!strcmp(stats[i].phase, "dump") && !strcmp(stats[i].name, name))
			return &stats[i];
	return NULL;
}
