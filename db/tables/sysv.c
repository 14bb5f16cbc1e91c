#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/sysv.h"

static void get_mode(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	uint32_t mode = ((const struct sysv *)row)->mode;

	(void)checkpoint;
	if (mode != ABSENT_U32)
		*ret = value_text(bytes_of(arena_printf(arena, "%04o", mode)));
}

static void get_values(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		       struct value *ret)
{
	const struct sysv *sysv = row;

	(void)checkpoint;
	(void)arena;
	if (!sysv->values)
		return;
	ret->type = VALUE_NUMBERS;
	ret->numbers.items = sysv->values;
	ret->numbers.n = sysv->n_values;
}

static void get_in_pagemaps(const struct checkpoint *checkpoint, const void *row,
			    struct arena *arena, struct value *ret)
{
	const struct sysv *sysv = row;

	(void)checkpoint;
	(void)arena;
	if (sysv->size != ABSENT_U64)
		*ret = (struct value){ .type = VALUE_BOOL, .boolean = sysv->in_pagemaps };
}

static const struct column columns[] = {
	{ .name = "kind", .help = "shm (shared memory), sem (semaphores) or msg (message queue)",
	  COLUMN(sysv, kind, NAME) },
	{ .name = "ns_id", .help = "CRIU's id of its IPC namespace", COLUMN(sysv, ns_id, U32) },
	{ .name = "id", .help = "its id, as shmget(2) and the like return it",
	  COLUMN(sysv, id, U32) },
	{ .name = "key", .help = "its key; 0x0: private", COLUMN(sysv, key, HEX64) },
	{ .name = "uid", .help = "owner", COLUMN(sysv, uid, U32) },
	{ .name = "gid", .help = "group of the owner", COLUMN(sysv, gid, U32) },
	{ .name = "mode", .help = "permissions, octal", COMPUTED(TEXT, get_mode) },
	{ .name = "size", .help = "of a segment", .unit = "bytes", COLUMN(sysv, size, U64) },
	{ .name = "values", .help = "of the semaphores", COMPUTED(NUMBERS, get_values) },
	{ .name = "qnum", .help = "messages in the queue", COLUMN(sysv, qnum, U32) },
	{ .name = "held_bytes", .help = "content that the images hold", .unit = "bytes",
	  COLUMN(sysv, held_bytes, U64) },
	{ .name = "qbytes", .help = "what the queue may hold", .unit = "bytes", .detail = true,
	  COLUMN(sysv, qbytes, U32) },
	{ .name = "nsems", .help = "semaphores in the set", .detail = true,
	  COLUMN(sysv, nsems, U32) },
	{ .name = "cuid", .help = "creator", .detail = true, COLUMN(sysv, cuid, U32) },
	{ .name = "cgid", .help = "group of the creator", .detail = true, COLUMN(sysv, cgid, U32) },
	{ .name = "in_pagemaps", .help = "a segment whose bytes are in pagemap-shmem-ID",
	  .detail = true, COMPUTED(BOOL, get_in_pagemaps) },
};

const struct table table_sysv = {
	.name = "sysv",
	.plural = "ipcs",
	.help = "a System V shared memory segment, semaphore set or message queue",
	.key = "kind id",
	.noise = "ns_id",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_sysv,
};
