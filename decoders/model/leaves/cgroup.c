/*
 * Control groups: the sets of cgroup.img.
 *
 * The set that criu itself was in (inventory.root_cg_set) is not written there: a task in it is
 * restored into whatever set criu is in then. Such a set has a row without a path.
 */
#include "cgroup.pb-c.h"
#include "decoders/model/leaves/cgroup.h"
#include "inventory.pb-c.h"

/* A set that processes are in. */
struct used_set {
	uint32_t id, processes;
	bool is_listed; /* in cgroup.img */
};

struct cgroups {
	struct checkpoint *checkpoint;
	struct leaf_rows *rows;
	struct map used_by_id;
	struct used_set *used;
	size_t n_used, used_cap;
	uint32_t root_set_id;
	struct origin root_origin;
};

static struct used_set *find_used(struct cgroups *all, uint32_t id)
{
	uint32_t index = map_get(&all->used_by_id, id);

	return index == MAP_NONE ? NULL : &all->used[index];
}

static void find_used_sets(struct cgroups *all)
{
	struct checkpoint *checkpoint = all->checkpoint;

	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		uint32_t id = checkpoint->processes.items[i].cgroup_set;

		if (id == ABSENT_U32)
			continue;
		if (map_put(&checkpoint->arena, &all->used_by_id, id, (uint32_t)all->n_used))
			*(struct used_set *)vec_push_raw(&checkpoint->arena, (void **)&all->used,
							 &all->n_used, &all->used_cap,
							 sizeof(*all->used)) =
				(struct used_set){ .id = id };
		find_used(all, id)->processes++;
	}
}

static void find_root_set(struct cgroups *all)
{
	struct image_reader reader;
	struct image_entry entry;

	all->root_set_id = ABSENT_U32;
	all->root_origin = NO_ORIGIN;
	if (!load_open_named(all->checkpoint, "INVENTORY", &reader, "inventory.img"))
		return;
	if (image_next(&reader, &entry)) {
		const InventoryEntry *inventory = (const InventoryEntry *)entry.message;

		if (inventory->has_root_cg_set)
			all->root_set_id = inventory->root_cg_set;
		all->root_origin = load_origin(&reader, &entry);
	}
	load_close(all->checkpoint, &reader);
}

static struct cgroup *add_row(struct cgroups *all, uint32_t id, struct origin origin)
{
	const struct used_set *used = find_used(all, id);
	struct cgroup *cgroup = leaf_add(all->checkpoint, all->rows);

	*cgroup = (struct cgroup){
		.origin = origin,
		.set_id = id,
		.root_set_id = all->root_set_id,
		.cgns_prefix = ABSENT_U32,
		.processes = used ? used->processes : 0,
	};
	return cgroup;
}

static void add_set(struct cgroups *all, const CgSetEntry *set, struct origin origin)
{
	struct used_set *used = find_used(all, set->id);

	if (used)
		used->is_listed = true;
	for (size_t i = 0; i < set->n_ctls; i++) {
		const CgMemberEntry *from = set->ctls[i];
		struct cgroup *cgroup = add_row(all, set->id, origin);

		cgroup->controller = load_text(all->checkpoint, from->has_name, from->name);
		cgroup->path = load_text(all->checkpoint, from->has_path, from->path);
		if (from->has_cgns_prefix)
			cgroup->cgns_prefix = from->cgns_prefix;
	}
}

static void read_sets(struct cgroups *all)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(all->checkpoint, "CGROUP", &reader, "cgroup.img"))
		return;
	while (image_next(&reader, &entry)) {
		const CgroupEntry *cgroup = (const CgroupEntry *)entry.message;

		for (size_t i = 0; i < cgroup->n_sets; i++)
			add_set(all, cgroup->sets[i], load_origin(&reader, &entry));
	}
	load_close(all->checkpoint, &reader);
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct cgroups all = { .checkpoint = checkpoint, .rows = rows };

	find_used_sets(&all);
	find_root_set(&all);
	read_sets(&all);
	for (size_t i = 0; i < all.n_used; i++)
		if (!all.used[i].is_listed)
			add_row(&all, all.used[i].id,
				all.used[i].id == all.root_set_id ? all.root_origin : NO_ORIGIN);
}

const struct leaf leaf_cgroup = {
	.name = "cgroup",
	.row_size = sizeof(struct cgroup),
	.needs = PART_TASKS,
	.load = load,
};
