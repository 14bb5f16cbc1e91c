#include "tui/references.h"

#include "decoders/base/size.h"
#include "decoders/live/live.h"
#include "decoders/model/leaves/member.h"

const struct reference references[] = {
	{ NULL, "pid", "process", "pid" },
	{ NULL, "ppid", "process", "pid" },
	{ NULL, "tid", "thread", "tid" },
	{ NULL, "file_id", "file", "id" },
	{ NULL, "exe_file_id", "file", "id" },
	{ NULL, "cwd_file_id", "file", "id" },
	{ NULL, "root_file_id", "file", "id" },
	{ NULL, "target_file_id", "file", "id" },
	{ NULL, "peer_id", "file", "id" },
	{ "socket", "id", "file", "id" },
	{ "tcp", "socket_id", "socket", "id" },
	{ "file", "id", "socket", "id" },
	{ NULL, "mnt_id", "mount", "mnt_id" },
	{ "mount", "parent_id", "mount", "mnt_id" },
	{ NULL, "ns_id", "namespace", "id" },
	{ NULL, "target_ns_id", "namespace", "id" },
	{ NULL, "peer_nsid", "namespace", "id" },
	{ "process", "pid_ns", "namespace", "id" },
	{ "process", "net_ns", "namespace", "id" },
	{ "process", "ipc_ns", "namespace", "id" },
	{ "process", "uts_ns", "namespace", "id" },
	{ "process", "mnt_ns", "namespace", "id" },
	{ "process", "user_ns", "namespace", "id" },
	{ "process", "cgroup_ns", "namespace", "id" },
	{ "process", "time_ns", "namespace", "id" },
	{ "process", "cgroup_set", "cgroup", "set_id" },
	{ "thread", "seccomp_filter", "seccomp", "id" },
	{ "seccomp_code", "filter_id", "seccomp", "id" },
	{ NULL, "ifindex", "netdev", "ifindex" },
	{ "bpfmap_entry", "map_id", "bpfmap", "map_id" },
};
const size_t n_references = ARRAY_SIZE(references);

const struct reference *reference_of(const struct table *table, const struct column *column)
{
	for (size_t i = 0; i < n_references; i++) {
		const struct reference *reference = &references[i];

		if (strcmp(reference->column, column->name) != 0 ||
		    (reference->table && strcmp(reference->table, table->name) != 0))
			continue;
		/* A table's own key is no reference. */
		if (!strcmp(reference->target, table->name) &&
		    !strcmp(reference->target_column, column->name))
			continue;
		return reference;
	}
	return NULL;
}

bool row_number(const struct checkpoint *checkpoint, const struct column *column, const void *row,
		uint64_t *ret)
{
	struct arena arena;
	struct value value;

	arena_init(&arena);
	table_cell(checkpoint, column, row, &arena, &value);
	arena_deinit(&arena);
	if (value.type != VALUE_UINT && value.type != VALUE_HEX)
		return false;
	*ret = value.number;
	return true;
}

static void load(struct checkpoint *checkpoint, const struct table *table, const struct column *column)
{
	checkpoint_need(checkpoint, table->needs | column->needs);
	if (table->leaf)
		checkpoint_need_leaf(checkpoint, table->leaf);
}

size_t rows_with_number(struct checkpoint *checkpoint, const struct table *table, const struct column *column,
			uint64_t number, uint32_t *ret_row)
{
	struct row_set rows;
	size_t found = 0;

	load(checkpoint, table, column);
	rows = table_rows(checkpoint, table);
	for (size_t i = 0; i < rows.n && found < 2; i++) {
		uint64_t this;

		if (!row_number(checkpoint, column, row_at(&rows, i), &this) || this != number)
			continue;
		if (!found++)
			*ret_row = (uint32_t)i;
	}
	return found;
}

bool reference_follow(struct checkpoint *checkpoint, const struct table *table, const struct column *column,
		      const void *row, struct link *ret)
{
	const struct reference *reference = reference_of(table, column);
	const struct table *target;
	const struct column *key;
	uint64_t number;
	uint32_t target_row = NO_ROW;
	size_t found;

	if (!reference || !row_number(checkpoint, column, row, &number))
		return false;
	target = table_named(reference->target);
	key = table_column(target, reference->target_column);
	found = rows_with_number(checkpoint, target, key, number, &target_row);
	if (found == 1)
		return row_follow(checkpoint, target, target_row, ret);
	*ret = LINK_TO(&screen_table);
	ret->table = target;
	ret->column = key;
	ret->number = number;
	return found > 1;
}

/* Files of /proc are others now, and links and directories have none. */
static bool has_bytes(const struct checkpoint *checkpoint, const struct member *member)
{
	return !live_is(checkpoint) && (member->type == MEMBER_FILE || member->size);
}

static void follow_member(struct checkpoint *checkpoint, uint32_t row, struct link *ret)
{
	struct row_set rows = table_rows(checkpoint, table_named("member"));
	const struct member_row *member = row_at(&rows, row);

	if (!has_bytes(checkpoint, &checkpoint->source.members.items[member->origin.member]))
		return;
	*ret = LINK_TO(member->entries == ABSENT_U64 ? &screen_bytes : &screen_image);
	ret->member = member->origin.member;
}

static void follow_mapping(const struct checkpoint *checkpoint, uint32_t row, struct link *ret)
{
	const struct vma *vma = &checkpoint->vmas.items[row];
	uint32_t process = map_get(&checkpoint->process_by_pid, vma->pid);

	if (process == MAP_NONE || live_is(checkpoint))
		return;
	*ret = LINK_TO(&screen_memory);
	ret->row = process;
	ret->address = vma->start;
}

bool row_follow(struct checkpoint *checkpoint, const struct table *table, uint32_t row, struct link *ret)
{
	*ret = LINK_TO(&screen_record);
	ret->table = table;
	ret->row = row;
	if (!strcmp(table->name, "process"))
		ret->screen = &screen_process;
	else if (!strcmp(table->name, "vma"))
		follow_mapping(checkpoint, row, ret);
	else if (!strcmp(table->name, "member"))
		follow_member(checkpoint, row, ret);
	return true;
}
