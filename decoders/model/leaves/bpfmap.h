/* BPF maps that a task has open. */
#pragma once

#include "decoders/model/leaf.h"

struct bpfmap {
	struct origin origin;
	uint32_t file_id, pid;
	uint32_t map_id;
	struct bytes name;
	uint32_t map_type;     /* BPF_MAP_TYPE_* */
	uint32_t key_size, value_size; /* bytes */
	uint32_t max_entries;
	uint32_t flags;        /* BPF_F_* */
	uint64_t extra;        /* map_extra, or ABSENT_U64 */
	uint64_t memlock;      /* bytes */
	uint32_t ifindex;      /* of a map in a device, else 0 */
	bool is_frozen;
	/* What bpfmap-data.img holds of it; ABSENT_U32: nothing. */
	uint32_t entries, keys_bytes, values_bytes;
};

extern const struct leaf leaf_bpfmap;
