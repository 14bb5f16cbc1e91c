#include "db/tables/words.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/bpfmap_entry.h"

static void get_key(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		    struct value *ret)
{
	(void)checkpoint;
	*ret = digits_value(arena, ((const struct bpfmap_entry *)row)->key);
}

static void get_value(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		      struct value *ret)
{
	(void)checkpoint;
	*ret = digits_value(arena, ((const struct bpfmap_entry *)row)->value);
}

static const struct column columns[] = {
	{ .name = "map_id", .help = "the kernel's number of the map, as in bpfmap",
	  COLUMN(bpfmap_entry, map_id, U32) },
	{ .name = "place", .help = "among the map's entries, from 0", .detail = true,
	  COLUMN(bpfmap_entry, place, U32) },
	{ .name = "key", .help = "its bytes, hexadecimal", COMPUTED(TEXT, get_key) },
	{ .name = "value", .help = "its bytes, hexadecimal", COMPUTED(TEXT, get_value) },
};

const struct table table_bpfmap_entry = {
	.name = "bpfmap_entry",
	.plural = "bpfmap_entries",
	.help = "an entry of a BPF map",
	.key = "map_id key",
	.noise = "place",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_bpfmap_entry,
};
