/*
 * Namespaces.
 *
 * CRIU numbers the namespaces it meets, of all types in one sequence. A task's ids image says
 * which it is in; what an image has in its name is the same number. The namespaces that the
 * dumping criu is in itself (inventory.root_ids) are numbered too, and only those of others are
 * saved: a task that has one of them simply runs in the host's.
 */
#include <stdlib.h>

#include "decoders/base/out.h"
#include "decoders/base/size.h"
#include "decoders/model/leaves/namespace.h"
#include "inventory.pb-c.h"
#include "namespaces.pb-c.h"
#include "net.pb-c.h"

#define ID(type)                                                                              \
	{ #type, offsetof(struct process, type##_ns),                                         \
	  offsetof(TaskKobjIdsEntry, has_##type##_ns_id),                                     \
	  offsetof(TaskKobjIdsEntry, type##_ns_id) }
static const struct {
	const char *name;
	size_t of_process, has_id, id;
} types[N_NAMESPACE_TYPES] = {
	[NAMESPACE_PID] = ID(pid),   [NAMESPACE_NET] = ID(net),	  [NAMESPACE_IPC] = ID(ipc),
	[NAMESPACE_UTS] = ID(uts),   [NAMESPACE_MNT] = ID(mnt),	  [NAMESPACE_USER] = ID(user),
	[NAMESPACE_CGROUP] = ID(cgroup), [NAMESPACE_TIME] = ID(time),
};
#undef ID

struct namespaces {
	struct checkpoint *checkpoint;
	struct leaf_rows *rows;
	struct map row_of; /* (type, id) */
	uint32_t host_ids[N_NAMESPACE_TYPES];
};

static struct namespace *row_at(struct namespaces *all, uint32_t row)
{
	return (struct namespace *)all->rows->items + row;
}

/* The row of a namespace, new where it is met for the first time. */
static struct namespace *find(struct namespaces *all, enum namespace_type type, uint32_t id)
{
	uint32_t row = map_get(&all->row_of, map_pair(type, id));
	struct namespace *namespace;

	if (row != MAP_NONE)
		return row_at(all, row);
	map_put(&all->checkpoint->arena, &all->row_of, map_pair(type, id), (uint32_t)all->rows->n);
	namespace = leaf_add(all->checkpoint, all->rows);
	*namespace = (struct namespace){
		.origin = NO_ORIGIN,
		.type = types[type].name,
		.id = id,
		.host_id = all->host_ids[type],
		.image = NO_ROW,
		.monotonic = ABSENT_U64,
		.boottime = ABSENT_U64,
	};
	return namespace;
}

/* --- what criu and the tasks are in ------------------------------------------------------- */

static uint32_t id_of(const TaskKobjIdsEntry *ids, enum namespace_type type)
{
	const char *base = (const char *)ids;
	uint32_t id;

	if (!ids || !*(const protobuf_c_boolean *)(base + types[type].has_id))
		return ABSENT_U32;
	memcpy(&id, base + types[type].id, sizeof(id));
	return id;
}

static void read_host_ids(struct namespaces *all)
{
	struct image_reader reader;
	struct image_entry entry;

	memset(all->host_ids, 0xff, sizeof(all->host_ids));
	if (!load_open_named(all->checkpoint, "INVENTORY", &reader, "inventory.img"))
		return;
	if (image_next(&reader, &entry)) {
		const InventoryEntry *inventory = (const InventoryEntry *)entry.message;

		for (enum namespace_type type = 0; type < N_NAMESPACE_TYPES; type++)
			all->host_ids[type] = id_of(inventory->root_ids, type);
	}
	load_close(all->checkpoint, &reader);
}

static void add_user(struct namespaces *all, enum namespace_type type, uint32_t id,
		     struct origin origin)
{
	struct namespace *namespace;

	if (id == ABSENT_U32)
		return;
	namespace = find(all, type, id);
	if (namespace->processes++ == 0)
		namespace->origin = origin;
}

static void add_process(struct namespaces *all, const struct process *process)
{
	const struct member *ids = checkpoint_image(all->checkpoint, "ids-%u.img", process->pid);
	struct origin origin = process->origin; /* old dumps have the ids in the core image */

	if (ids)
		origin = (struct origin){ .offset = NO_OFFSET,
					  .member = source_index(&all->checkpoint->source, ids) };
	for (enum namespace_type type = 0; type < N_NAMESPACE_TYPES; type++) {
		uint32_t id;

		memcpy(&id, (const char *)process + types[type].of_process, sizeof(id));
		add_user(all, type, id, origin);
	}
}

static void add_ids(struct namespaces *all, const TaskKobjIdsEntry *ids, struct origin origin)
{
	for (enum namespace_type type = 0; type < N_NAMESPACE_TYPES; type++)
		add_user(all, type, id_of(ids, type), origin);
}

/* A dump that failed has ids of tasks and no tree to put the tasks in. */
static void add_loose_ids(struct namespaces *all)
{
	struct checkpoint *checkpoint = all->checkpoint;
	const struct member *member;
	size_t position = 0;
	uint64_t pid;

	while ((member = load_next(checkpoint, "IDS", &position, &pid))) {
		struct image_reader reader;
		struct image_entry entry;

		if (map_get(&checkpoint->process_by_pid, pid) != MAP_NONE ||
		    !load_open(checkpoint, member, "IDS", &reader))
			continue;
		if (image_next(&reader, &entry))
			add_ids(all, (const TaskKobjIdsEntry *)entry.message,
				load_origin(&reader, &entry));
		load_close(checkpoint, &reader);
	}
}

/* --- images ------------------------------------------------------------------------------- */

static void take_pidns(struct checkpoint *checkpoint, const ProtobufCMessage *message,
		       struct namespace *namespace)
{
	const PidnsEntry *from = (const PidnsEntry *)message;

	namespace->ext_key = load_text(checkpoint, from->has_ext_key, from->ext_key);
}

static void take_netns(struct checkpoint *checkpoint, const ProtobufCMessage *message,
		       struct namespace *namespace)
{
	const NetnsEntry *from = (const NetnsEntry *)message;

	namespace->ext_key = load_text(checkpoint, from->has_ext_key, from->ext_key);
}

static void take_utsns(struct checkpoint *checkpoint, const ProtobufCMessage *message,
		       struct namespace *namespace)
{
	const UtsnsEntry *from = (const UtsnsEntry *)message;

	namespace->nodename = load_text(checkpoint, from->has_nodename, from->nodename);
	namespace->domainname = load_text(checkpoint, from->has_domainname, from->domainname);
}

static struct bytes map_text(struct checkpoint *checkpoint, UidGidExtent *const *extents, size_t n)
{
	struct bytes text;
	struct out out;

	out_init(&out, -1);
	for (size_t i = 0; i < n; i++)
		out_printf(&out, "%s%u %u %u", i ? ", " : "", extents[i]->first,
			   extents[i]->lower_first, extents[i]->count);
	text = bytes_of(arena_text(&checkpoint->arena, out_held(&out)));
	out_deinit(&out);
	return text;
}

static void take_userns(struct checkpoint *checkpoint, const ProtobufCMessage *message,
			struct namespace *namespace)
{
	const UsernsEntry *from = (const UsernsEntry *)message;

	namespace->uid_map = map_text(checkpoint, from->uid_map, from->n_uid_map);
	namespace->gid_map = map_text(checkpoint, from->gid_map, from->n_gid_map);
}

static uint64_t nanoseconds(const Timespec *time)
{
	uint64_t sum;

	if (!time || !size_mul(time->tv_sec, 1000000000, &sum) ||
	    !size_add(sum, time->tv_nsec, &sum))
		return ABSENT_U64;
	return sum;
}

static void take_timens(struct checkpoint *checkpoint, const ProtobufCMessage *message,
			struct namespace *namespace)
{
	const TimensEntry *from = (const TimensEntry *)message;

	(void)checkpoint;
	namespace->monotonic = nanoseconds(from->monotonic);
	namespace->boottime = nanoseconds(from->boottime);
}

/* An image of a namespace; where several tell of one type, the first is the row's. */
static const struct describing {
	const char *kind;
	enum namespace_type type;
	void (*take)(struct checkpoint *checkpoint, const ProtobufCMessage *message,
		     struct namespace *namespace);
} describing[] = {
	{ "PIDNS", NAMESPACE_PID, take_pidns },
	{ "NETNS", NAMESPACE_NET, take_netns },
	{ "NETDEV", NAMESPACE_NET, NULL },
	{ "IPC_VAR", NAMESPACE_IPC, NULL },
	{ "UTSNS", NAMESPACE_UTS, take_utsns },
	{ "MNTS", NAMESPACE_MNT, NULL },
	{ "USERNS", NAMESPACE_USER, take_userns },
	{ "TIMENS", NAMESPACE_TIME, take_timens },
};

/*
 * timens-0 is written where the tasks have no time namespace of their own: it has the clocks of
 * the one that criu shares with them.
 */
static uint32_t id_in_name(const struct namespaces *all, enum namespace_type type, uint64_t id)
{
	if (type == NAMESPACE_TIME && id == 0 && all->host_ids[type] != ABSENT_U32)
		return all->host_ids[type];
	return load_namespace_id(all->checkpoint, id, types[type].of_process);
}

static void add_image(struct namespaces *all, const struct describing *what,
		      const struct member *member, uint64_t id)
{
	struct namespace *namespace = find(all, what->type, id_in_name(all, what->type, id));
	struct checkpoint *checkpoint = all->checkpoint;
	struct image_reader reader;
	struct image_entry entry;

	if (namespace->image != NO_ROW)
		return;
	namespace->image = source_index(&checkpoint->source, member);
	namespace->origin = NO_ORIGIN;
	namespace->origin.member = namespace->image;
	if (!what->take || !load_open(checkpoint, member, what->kind, &reader))
		return;
	if (image_next(&reader, &entry)) {
		namespace->origin = load_origin(&reader, &entry);
		what->take(checkpoint, entry.message, namespace);
	}
	load_close(checkpoint, &reader);
}

/* --- in order ----------------------------------------------------------------------------- */

static size_t type_of(const struct namespace *namespace)
{
	size_t type = 0;

	while (namespace->type != types[type].name)
		type++;
	return type;
}

static int by_type_and_id(const void *a, const void *b)
{
	const struct namespace *left = a, *right = b;
	size_t left_type = type_of(left), right_type = type_of(right);

	return left_type != right_type ? (left_type > right_type) - (left_type < right_type)
				       : (left->id > right->id) - (left->id < right->id);
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct namespaces all = { .checkpoint = checkpoint, .rows = rows };

	read_host_ids(&all);
	for (size_t i = 0; i < checkpoint->processes.n; i++)
		add_process(&all, &checkpoint->processes.items[i]);
	add_loose_ids(&all);
	for (size_t i = 0; i < ARRAY_SIZE(describing); i++) {
		const struct member *member;
		size_t position = 0;
		uint64_t id;

		while ((member = load_next(checkpoint, describing[i].kind, &position, &id)))
			add_image(&all, &describing[i], member, id);
	}
	if (rows->n)
		qsort(rows->items, rows->n, sizeof(struct namespace), by_type_and_id);
}

const struct leaf leaf_namespace = {
	.name = "namespace",
	.row_size = sizeof(struct namespace),
	.needs = PART_TASKS,
	.load = load,
};
