#include "db/tables/words.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/bpfmap.h"

/* include/uapi/linux/bpf.h, enum bpf_map_type; as bpftool prints them. */
static const char *const type_names[] = {
	"unspec", "hash", "array", "prog_array", "perf_event_array", "percpu_hash", "percpu_array",
	"stack_trace", "cgroup_array", "lru_hash", "lru_percpu_hash", "lpm_trie", "array_of_maps",
	"hash_of_maps", "devmap", "sockmap", "cpumap", "xskmap", "sockhash", "cgroup_storage",
	"reuseport_sockarray", "percpu_cgroup_storage", "queue", "stack", "sk_storage",
	"devmap_hash", "struct_ops", "ringbuf", "inode_storage", "task_storage", "bloom_filter",
	"user_ringbuf", "cgrp_storage", "arena",
};

static void get_type_name(const struct checkpoint *checkpoint, const void *row,
			  struct arena *arena, struct value *ret)
{
	uint32_t type = ((const struct bpfmap *)row)->map_type;

	(void)checkpoint;
	(void)arena;
	if (type < ARRAY_SIZE(type_names))
		*ret = value_text(bytes_of(type_names[type]));
}

static const struct column columns[] = {
	{ .name = "file_id", .help = "file.id of its file", COLUMN(bpfmap, file_id, U32) },
	{ .name = "pid", .help = "the lowest pid that has it open", COLUMN(bpfmap, pid, U32) },
	{ .name = "map_id", .help = "the kernel's number of the map", COLUMN(bpfmap, map_id, U32) },
	{ .name = "name", .help = "the name its maker gave it", COLUMN(bpfmap, name, BYTES) },
	{ .name = "map_type", .help = "BPF_MAP_TYPE_*, as a number", .detail = true,
	  COLUMN(bpfmap, map_type, U32) },
	{ .name = "type", .help = "hash, array, ...: the name of that number",
	  COMPUTED(TEXT, get_type_name) },
	{ .name = "key_size", .help = "size of a key", .unit = "bytes",
	  COLUMN(bpfmap, key_size, U32) },
	{ .name = "value_size", .help = "size of a value", .unit = "bytes",
	  COLUMN(bpfmap, value_size, U32) },
	{ .name = "max_entries", .help = "how many entries it takes",
	  COLUMN(bpfmap, max_entries, U32) },
	{ .name = "entries", .help = "entries that the images hold; null: none were saved",
	  COLUMN(bpfmap, entries, U32) },
	{ .name = "keys_bytes", .help = "bytes of keys that the images hold", .unit = "bytes",
	  .detail = true, COLUMN(bpfmap, keys_bytes, U32) },
	{ .name = "values_bytes", .help = "bytes of values that the images hold", .unit = "bytes",
	  .detail = true, COLUMN(bpfmap, values_bytes, U32) },
	{ .name = "flags", .help = "BPF_F_* of its creation", .detail = true,
	  COLUMN(bpfmap, flags, HEX32) },
	{ .name = "extra", .help = "map_extra of its creation", .detail = true,
	  COLUMN(bpfmap, extra, HEX64) },
	{ .name = "memlock", .help = "memory it is accounted for", .unit = "bytes", .detail = true,
	  COLUMN(bpfmap, memlock, U64) },
	{ .name = "ifindex", .help = "device it lives in; 0: none", .detail = true,
	  COLUMN(bpfmap, ifindex, U32) },
	{ .name = "frozen", .help = "programs can no longer change it",
	  COLUMN(bpfmap, is_frozen, BOOL) },
};

const struct table table_bpfmap = {
	.name = "bpfmap",
	.plural = "bpfmaps",
	.help = "a BPF map that a task has open",
	.key = "name type",
	.noise = "file_id pid map_id entries",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_bpfmap,
};
