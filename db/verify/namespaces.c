/* Namespaces, mounts, control groups, seccomp filters: what tasks are confined in. */
#include <stdio.h>

#include "db/verify/internal.h"
#include "decoders/model/leaves/cgroup.h"
#include "decoders/model/leaves/mount.h"
#include "decoders/model/leaves/seccomp.h"
#include "fdinfo.pb-c.h"

/* --- namespaces --------------------------------------------------------------------------------------------------- */

/* Those that have an image to themselves wherever tasks have one of their own. */
static const struct {
	const char *type, *image;
	size_t of_process, of_inventory;
} kinds[] = {
	{ "mnt", "mountpoints-%u.img", offsetof(struct process, mnt_ns), offsetof(struct inventory_fact, mnt_ns) },
	{ "uts", "utsns-%u.img", offsetof(struct process, uts_ns), offsetof(struct inventory_fact, uts_ns) },
	{ "ipc", "ipcns-var-%u.img", offsetof(struct process, ipc_ns), offsetof(struct inventory_fact, ipc_ns) },
	{ "user", "userns-%u.img", offsetof(struct process, user_ns), offsetof(struct inventory_fact, user_ns) },
};

static uint32_t id_at(const void *of, size_t offset)
{
	uint32_t id;

	memcpy(&id, (const char *)of + offset, sizeof(id));
	return id;
}

static bool has_image(struct verifier *verifier, size_t kind, uint32_t id)
{
	char name[64];

	/* The format is one of the row's. */
	snprintf(name, sizeof(name), "%.*s%u.img", (int)strcspn(kinds[kind].image, "%"), kinds[kind].image, id);
	return checkpoint_image(verifier->checkpoint, "%s", name);
}

static void namespace_missing(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;
	const struct inventory_fact *inventory = &verifier->facts.inventory;
	struct map told = { 0 };

	if (!checkpoint->ns_per_id || !inventory->has_root_ids)
		return;
	for (size_t i = 0; i < checkpoint->processes.n; i++)
		for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
			const struct process *process = &checkpoint->processes.items[i];
			uint32_t id = id_at(process, kinds[k].of_process);
			struct finding *finding;

			if (id == ABSENT_U32 || id == id_at(inventory, kinds[k].of_inventory) ||
			    !map_put(&verifier->checkpoint->arena, &told, map_pair((uint32_t)k, id), 0) ||
			    has_image(verifier, k, id))
				continue;
			finding = found(verifier, process->origin, process->pid, "%s namespace %u", kinds[k].type, id);
			says(verifier, finding, "pid %u is in it, and no image describes it", process->pid);
			with_number(verifier, finding, "id", id);
		}
}

static void add_ids(struct verifier *verifier, struct map *known, const struct process *process)
{
	const uint32_t ids[] = { process->pid_ns, process->net_ns,  process->ipc_ns,	process->uts_ns,
				 process->mnt_ns, process->user_ns, process->cgroup_ns, process->time_ns };

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		if (ids[i] != ABSENT_U32)
			map_put(&verifier->checkpoint->arena, known, ids[i], 0);
}

static void namespace_file_dangling(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;
	struct map known = { 0 };

	for (size_t i = 0; i < checkpoint->processes.n; i++)
		add_ids(verifier, &known, &checkpoint->processes.items[i]);
	for (size_t i = 0; i < checkpoint->files.n; i++) {
		const struct file *file = &checkpoint->files.items[i];
		struct finding *finding;

		if (file->fd_type != FD_TYPES__NS || file->inode == ABSENT_U64 ||
		    map_get(&known, file->inode) != MAP_NONE)
			continue;
		finding = found(verifier, file->origin, file->first_pid, "namespace file %u", file->image_id);
		says(verifier, finding, "no task is in namespace %llu", (unsigned long long)file->inode);
	}
}

/* --- mounts ----------------------------------------------------------------------------------------------------------- */

struct mounts {
	const struct mount *items;
	size_t n;
	struct map by_id; /* mnt_id to row: CRIU's ids are unique in a checkpoint */
};

static struct mounts mounts_of(struct verifier *verifier)
{
	struct leaf_rows rows = checkpoint_leaf(verifier->checkpoint, &leaf_mount);
	struct mounts mounts = { .items = rows.items, .n = rows.n };

	for (size_t i = 0; i < rows.n; i++)
		map_put(&verifier->checkpoint->arena, &mounts.by_id, mounts.items[i].mnt_id, (uint32_t)i);
	return mounts;
}

static struct finding *found_mount(struct verifier *verifier, const struct mount *mount)
{
	struct finding *finding = found(verifier, mount->origin, ABSENT_U32, "mount %u at %.*s", mount->mnt_id,
					BYTES_FMT(mount->mountpoint));

	with_number(verifier, finding, "parent_mnt_id", mount->parent_id);
	return finding;
}

static void mount_twice(struct verifier *verifier)
{
	struct mounts mounts = mounts_of(verifier);

	for (size_t i = 0; i < mounts.n; i++)
		if (map_get(&mounts.by_id, mounts.items[i].mnt_id) != i)
			says(verifier, found_mount(verifier, &mounts.items[i]), "another mount has its id");
}

static bool is_top(const struct mount *mount)
{
	return bytes_equal(mount->mountpoint, BYTES("/"));
}

/* The mount at the top of each namespace has its parent elsewhere; every other one has it here. */
static void mount_parent_missing(struct verifier *verifier)
{
	struct mounts mounts = mounts_of(verifier);
	struct map tops = { 0 };

	for (size_t i = 0; i < mounts.n; i++) {
		const struct mount *mount = &mounts.items[i];
		struct finding *finding;

		if (map_get(&mounts.by_id, mount->parent_id) != MAP_NONE && mount->parent_id != mount->mnt_id)
			continue;
		if (is_top(mount) && map_put(&verifier->checkpoint->arena, &tops, mount->ns_id, 0))
			continue;
		finding = found_mount(verifier, mount);
		says(verifier, finding, "there is no mount %u, which it is mounted on", mount->parent_id);
	}
}

/* Each mount is walked over once: a walk that meets its own steps goes in a circle. */
static void mount_loop(struct verifier *verifier)
{
	struct mounts mounts = mounts_of(verifier);
	uint32_t *walks = arena_zalloc(&verifier->checkpoint->arena, (mounts.n + 1) * sizeof(*walks));

	for (uint32_t i = 0; i < mounts.n; i++) {
		uint32_t walk = i + 1, at = i, parent;

		while (!walks[at]) {
			walks[at] = walk;
			parent = map_get(&mounts.by_id, mounts.items[at].parent_id);
			if (parent == MAP_NONE || parent == at)
				break;
			at = parent;
			if (walks[at] == walk)
				says(verifier, found_mount(verifier, &mounts.items[at]),
				     "it is mounted on itself, by way of mount %u", mounts.items[at].parent_id);
		}
	}
}

/* --- what was in them --- */

/* All of a file system, not a part of one: CRIU dumps and restores what is in it there. */
static bool is_whole_tmpfs(const struct mount *mount)
{
	return bytes_equal(mount->fstype, BYTES("tmpfs")) && bytes_equal(mount->root, BYTES("/"));
}

/* What comes from outside, or is the root of a namespace, is mounted again as it is there. */
static void find_foreign(struct verifier *verifier, const struct mounts *mounts, struct map *ret)
{
	for (size_t i = 0; i < mounts->n; i++)
		if (is_whole_tmpfs(&mounts->items[i]) && (mounts->items[i].is_external || is_top(&mounts->items[i])))
			map_put(&verifier->checkpoint->arena, ret, mounts->items[i].device, 0);
}

static bool has_content(struct verifier *verifier, const struct mount *mount)
{
	const struct member *by_device =
		checkpoint_image(verifier->checkpoint, "tmpfs-dev-%u.tar.gz.img", mount->device);

	return (by_device && by_device->size) ||
	       checkpoint_image(verifier->checkpoint, "tmpfs-%u.tar.gz.img", mount->mnt_id);
}

static void tmpfs_missing(struct verifier *verifier)
{
	struct mounts mounts = mounts_of(verifier);
	struct map told = { 0 };

	find_foreign(verifier, &mounts, &told);
	for (size_t i = 0; i < mounts.n; i++) {
		const struct mount *mount = &mounts.items[i];
		struct finding *finding;

		if (!is_whole_tmpfs(mount) || has_content(verifier, mount) ||
		    !map_put(&verifier->checkpoint->arena, &told, mount->device, 0))
			continue;
		finding = found_mount(verifier, mount);
		says(verifier, finding, "tmpfs-dev-%u.tar.gz.img, which has its files, is not there", mount->device);
	}
}

/* --- control groups, seccomp ------------------------------------------------------------------------------------------- */

static void cgroup_dangling(struct verifier *verifier)
{
	struct leaf_rows rows = checkpoint_leaf(verifier->checkpoint, &leaf_cgroup);

	for (size_t i = 0; i < rows.n; i++) {
		const struct cgroup *cgroup = &((const struct cgroup *)rows.items)[i];
		struct finding *finding;

		if (cgroup->controller.data || cgroup->processes == 0 || cgroup->set_id == 0 ||
		    cgroup->set_id == cgroup->root_set_id)
			continue;
		finding = found(verifier, cgroup->origin, ABSENT_U32, "control group set %u", cgroup->set_id);
		says(verifier, finding, "%u tasks are in it, and cgroup.img does not have it", cgroup->processes);
		with_number(verifier, finding, "set", cgroup->set_id);
	}
}

static void seccomp_dangling(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;
	struct leaf_rows filters = checkpoint_leaf(checkpoint, &leaf_seccomp);

	for (size_t i = 0; i < checkpoint->threads.n; i++) {
		const struct thread *thread = &checkpoint->threads.items[i];
		struct finding *finding;

		if (!thread->seccomp || strcmp(thread->seccomp, "filter") != 0 ||
		    thread->seccomp_filter == ABSENT_U32 || thread->seccomp_filter < filters.n)
			continue;
		finding = found(verifier, thread->origin, thread->pid, "thread %u", thread->tid);
		says(verifier, finding, "its seccomp filter %u is not in seccomp.img, which has %zu",
		     thread->seccomp_filter, filters.n);
		with_number(verifier, finding, "filter", thread->seccomp_filter);
	}
	for (size_t i = 0; i < filters.n; i++) {
		const struct seccomp *filter = &((const struct seccomp *)filters.items)[i];
		struct finding *finding;

		if (filter->previous == ABSENT_U32 ||
		    (filter->previous < filters.n && filter->previous != filter->id))
			continue;
		finding = found(verifier, filter->origin, ABSENT_U32, "seccomp filter %u", filter->id);
		says(verifier, finding, "filter %u, which was there before it, is not", filter->previous);
		with_number(verifier, finding, "prev", filter->previous);
	}
}

static const struct verify_check checks[] = {
	{ "namespace-missing", SEVERITY_BLOCKER, "a namespace that nothing describes",
	  "CRIU cannot open the image of the namespace", take_again, FINDS_ABSENCE, namespace_missing },
	{ "namespace-file-dangling", SEVERITY_BLOCKER, "an open namespace that no task is in",
	  "CRIU ends with \"Can't find suitable NS ID\"", take_again, FINDS_CONTRADICTION,
	  namespace_file_dangling },
	{ "mount-twice", SEVERITY_BLOCKER, "two mounts with one id", "the tree of mounts is not what it was",
	  take_again, FINDS_CONTRADICTION, mount_twice },
	{ "mount-parent-missing", SEVERITY_BLOCKER, "a mount without the one that it is on",
	  "CRIU ends with \"No parent found for mountpoint\"", take_again, FINDS_CONTRADICTION,
	  mount_parent_missing },
	{ "mount-loop", SEVERITY_BLOCKER, "mounts that are on one another", "the tree of mounts has no root",
	  take_again, FINDS_CONTRADICTION, mount_loop },
	{ "tmpfs-missing", SEVERITY_BLOCKER, "the files of a tmpfs are missing",
	  "CRIU ends with \"Can't restore tmpfs content\"", take_again, FINDS_ABSENCE, tmpfs_missing },
	{ "cgroup-dangling", SEVERITY_BLOCKER, "a set of control groups that is not there",
	  "CRIU ends with \"No set found\"", take_again, FINDS_CONTRADICTION, cgroup_dangling },
	{ "seccomp-dangling", SEVERITY_BLOCKER, "a seccomp filter that is not there", "seccomp filter out of range",
	  take_again, FINDS_CONTRADICTION, seccomp_dangling },
};

const struct check_group namespace_checks = { checks, ARRAY_SIZE(checks), true };
