/* System V IPC: ipcns-shm-N, ipcns-sem-N, ipcns-msg-N. */
#include "decoders/base/cursor.h"
#include "decoders/base/size.h"
#include "decoders/image/extra.h"
#include "decoders/model/leaves/sysv.h"
#include "memory.pb-c.h"
#include "namespaces.pb-c.h"

static void take_desc(const IpcDescEntry *desc, struct sysv *sysv)
{
	if (!desc)
		return;
	sysv->id = desc->id;
	sysv->key = desc->key;
	sysv->uid = desc->uid;
	sysv->gid = desc->gid;
	sysv->cuid = desc->cuid;
	sysv->cgid = desc->cgid;
	sysv->mode = desc->mode;
}

/* --- shared memory ------------------------------------------------------------------------ */

static void take_shm(struct checkpoint *checkpoint, const struct image_entry *entry,
		     bool big_endian, struct sysv *sysv)
{
	const IpcShmEntry *from = (const IpcShmEntry *)entry->message;

	(void)checkpoint;
	(void)big_endian;
	take_desc(from->desc, sysv);
	sysv->size = from->size;
	sysv->in_pagemaps = from->in_pagemaps;
	if (!from->in_pagemaps)
		sysv->held_bytes = from->size < entry->extra.len ? from->size : entry->extra.len;
}

/* Once for each id: rows may repeat it as often as they like. */
static void find_paged(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct sysv *items = rows->items;
	struct map first = { 0 }; /* id to row */

	for (uint32_t i = 0; i < rows->n; i++) {
		if (!items[i].in_pagemaps)
			continue;
		if (map_put(&checkpoint->arena, &first, items[i].id, i))
			items[i].held_bytes = load_shmem_bytes(checkpoint, items[i].id);
		else
			items[i].held_bytes = items[map_get(&first, items[i].id)].held_bytes;
	}
}

/* --- semaphores --------------------------------------------------------------------------- */

static void take_sem(struct checkpoint *checkpoint, const struct image_entry *entry,
		     bool big_endian, struct sysv *sysv)
{
	const IpcSemEntry *from = (const IpcSemEntry *)entry->message;
	struct cursor cursor = cursor_over(entry->extra, big_endian);
	size_t n = entry->extra.len / sizeof(uint16_t);
	uint32_t *values;
	uint16_t value;

	take_desc(from->desc, sysv);
	sysv->nsems = from->nsems;
	if (n > from->nsems)
		n = from->nsems;
	values = arena_alloc(&checkpoint->arena, (n + 1) * sizeof(*values));
	while (sysv->n_values < n && cursor_u16(&cursor, &value))
		values[sysv->n_values++] = value;
	sysv->values = values;
}

/* --- message queues ----------------------------------------------------------------------- */

/* Bytes of the messages, without what frames them. */
static uint64_t queued_bytes(struct bytes extra, bool big_endian, uint32_t qnum)
{
	struct cursor cursor = cursor_over(extra, big_endian);
	uint64_t sum = 0;

	for (uint32_t i = 0; i < qnum; i++) {
		struct bytes header, content;
		struct error *error = ipc_next_message(&cursor, &header, &content);

		error_free(error); /* it was told when the entry was read */
		if (error)
			break;
		sum += content.len;
	}
	return sum;
}

static void take_msg(struct checkpoint *checkpoint, const struct image_entry *entry,
		     bool big_endian, struct sysv *sysv)
{
	const IpcMsgEntry *from = (const IpcMsgEntry *)entry->message;

	(void)checkpoint;
	take_desc(from->desc, sysv);
	sysv->qnum = from->qnum;
	sysv->qbytes = from->qbytes;
	sysv->held_bytes = queued_bytes(entry->extra, big_endian, from->qnum);
}

/* --- rows --------------------------------------------------------------------------------- */

static const struct object_kind {
	const char *name, *image;
	void (*take)(struct checkpoint *checkpoint, const struct image_entry *entry,
		     bool big_endian, struct sysv *sysv);
} kinds[] = {
	{ "shm", "IPCNS_SHM", take_shm },
	{ "sem", "IPCNS_SEM", take_sem },
	{ "msg", "IPCNS_MSG", take_msg },
};

static void add_object(struct checkpoint *checkpoint, struct leaf_rows *rows,
		       const struct object_kind *kind, const struct image_reader *reader,
		       const struct image_entry *entry, uint32_t ns_id)
{
	struct sysv *sysv = leaf_add(checkpoint, rows);

	*sysv = (struct sysv){
		.origin = load_origin(reader, entry),
		.kind = kind->name,
		.ns_id = ns_id,
		.id = ABSENT_U32, .key = ABSENT_U64, .mode = ABSENT_U32,
		.uid = ABSENT_U32, .gid = ABSENT_U32, .cuid = ABSENT_U32, .cgid = ABSENT_U32,
		.size = ABSENT_U64,
		.nsems = ABSENT_U32, .qnum = ABSENT_U32, .qbytes = ABSENT_U32,
		.held_bytes = ABSENT_U64,
	};
	kind->take(checkpoint, entry, reader->header.big_endian, sysv);
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct member *member;
		size_t position = 0;
		uint32_t id;

		while ((member = load_next_namespace(checkpoint, kinds[i].image,
						      offsetof(struct process, ipc_ns), &position,
						      &id))) {
			struct image_reader reader;
			struct image_entry entry;

			if (!load_open(checkpoint, member, kinds[i].image, &reader))
				continue;
			while (image_next(&reader, &entry))
				add_object(checkpoint, rows, &kinds[i], &reader, &entry, id);
			load_close(checkpoint, &reader);
		}
	}
	find_paged(checkpoint, rows);
}

const struct leaf leaf_sysv = {
	.name = "sysv",
	.row_size = sizeof(struct sysv),
	.needs = PART_INVENTORY,
	.load = load,
};
