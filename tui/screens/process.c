/* One process, a tab for each of its sides. */
#include <stdio.h>
#include <stdlib.h>

#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "decoders/model/leaves/member.h"
#include "db/tables/render.h"
#include "tui/references.h"
#include "tui/widgets/record.h"

/* --- the tabs -------------------------------------------------------------------------------------- */

static bool is_socket(const struct checkpoint *checkpoint, const void *row, uint64_t number)
{
	const struct fd *fd = row;
	const struct file *file = checkpoint_file(checkpoint, fd->file);

	(void)number;
	return file && file->socket != NO_ROW;
}

/* Images that have the pid in their name, and that of its descriptors. */
static bool is_image(const struct checkpoint *checkpoint, const void *row, uint64_t number)
{
	static const char *const kinds[] = { "CORE", "MM", "PAGEMAP", "IDS", "FS", "CREDS", "ITIMERS",
					     "POSIX_TIMERS", "RLIMIT", "SIGNAL", "FDINFO", "SIGACT" };
	const struct member_row *member = row;
	const struct member *named = &checkpoint->source.members.items[member->origin.member];
	uint32_t process = map_get(&checkpoint->process_by_pid, number);
	const struct image_kind *kind = image_kind_named(member->kind);
	uint64_t id;

	if (!kind || process == MAP_NONE || !image_name_fits(kind, named->name, &id))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kind->name, kinds[i]))
			return id == (strcmp(kinds[i], "FDINFO") != 0
					      ? number
					      : checkpoint->processes.items[process].files_id);
	return false;
}

static const struct tab {
	const char *name;
	const char *table;
	const char *columns; /* of a table the usual ones where it is NULL */
	bool is_record;      /* columns of the process itself, one below the other */
	bool (*wants)(const struct checkpoint *checkpoint, const void *row, uint64_t number);
} tabs[] = {
	{ .name = "Summary", .table = "process", .is_record = true,
	  .columns = "pid,ppid,pgid,sid,state,comm,argv,exe,exe_deleted,exe_file_id,cwd,cwd_file_id,root,"
		     "root_file_id,threads,fds,vmas,bytes_present,pages_present,pages_parent,pages_lazy,"
		     "exit_code,umask,personality,oom_score_adj,files_id" },
	{ .name = "Fds", .table = "fd", .columns = "fd,type,access,pos,path,detail,deleted" },
	{ .name = "Maps", .table = "vma",
	  .columns = "start,end,prot,kind,path,pages_present,pages_parent,dirty_text" },
	{ .name = "Sockets", .table = "fd", .columns = "fd,type,detail,path,file_id", .wants = is_socket },
	{ .name = "Threads", .table = "thread",
	  .columns = "tid,comm,ip,sp,syscall,blocked_signals,nice,seccomp,seccomp_filter" },
	{ .name = "Env", .table = "env", .columns = "name,value" },
	{ .name = "Creds", .table = "process", .is_record = true,
	  .columns = "uid,euid,suid,fsuid,gid,egid,sgid,fsgid,groups,cap_effective,cap_permitted,"
		     "cap_inheritable,cap_bounding,cap_ambient,securebits,no_new_privs,seccomp,lsm_profile,"
		     "loginuid,cgroup_set,pid_ns,net_ns,ipc_ns,uts_ns,mnt_ns,user_ns,cgroup_ns,time_ns" },
	{ .name = "Signals", .table = "sigaction" },
	{ .name = "Timers", .table = "timer" },
	{ .name = "Limits", .table = "rlimit" },
	{ .name = "Images", .table = "member", .wants = is_image },
};
enum { N_TABS = ARRAY_SIZE(tabs) };
_Static_assert(N_TABS <= ACTION_TAB_LAST - ACTION_TAB_1 + 1, "an action for each");

struct page {
	bool is_open;
	struct list list; /* of a table; a record has its own */
	struct rows rows;
	struct record record;
};

struct state {
	uint32_t row, pid;
	size_t tab;
	struct arena arena;
	struct page pages[N_TABS];
};

static struct error *open_page(struct view *view, size_t n)
{
	struct state *state = view->state;
	struct page *page = &state->pages[n];
	const struct tab *tab = &tabs[n];
	const struct table *table = table_named(tab->table);
	struct rows_only only = { .number = state->pid, .wants = tab->wants };
	struct error *error;

	if (page->is_open)
		return NULL;
	if (tab->is_record) {
		error = record_open(&page->record, view, table, state->row, tab->columns);
	} else {
		only.column = table_column(table, "pid");
		error = rows_open(&page->rows, &page->list, view->checkpoint, table, &only, tab->columns,
				  tui_kept(view, tab), &view->tui->reveal);
	}
	page->is_open = !error;
	return error;
}

static void turn_to(struct view *view, size_t n)
{
	struct state *state = view->state;
	struct error *error = open_page(view, n);

	if (error)
		tui_complain(view->tui, error);
	else
		state->tab = n;
}

/* --- the screen ------------------------------------------------------------------------------------- */

/* "task 7" by name, or by a link to the row. */
static uint32_t which(struct view *view, const struct link *link)
{
	struct checkpoint *checkpoint = view->checkpoint;
	uint64_t pid;

	checkpoint_need(checkpoint, PART_TASKS);
	if (link->row != NO_ROW)
		return link->row;
	pid = strtoull(link->text, NULL, 10);
	return pid > UINT32_MAX ? NO_ROW : map_get(&checkpoint->process_by_pid, pid);
}

static struct error *open_process(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	struct checkpoint *checkpoint = view->checkpoint;

	state->row = which(view, link);
	if (state->row >= checkpoint->processes.n)
		return error_new(ERROR_USAGE, "there is no such process: task PID");
	checkpoint_need(checkpoint, PART_STRINGS);
	state->pid = checkpoint->processes.items[state->row].pid;
	arena_init(&state->arena);
	return open_page(view, 0);
}

static void close_process(struct view *view)
{
	struct state *state = view->state;

	for (size_t i = 0; i < N_TABS; i++) {
		if (!state->pages[i].is_open)
			continue;
		if (tabs[i].is_record)
			record_close(&state->pages[i].record);
		else
			rows_close(&state->pages[i].rows);
	}
	arena_deinit(&state->arena);
}

static struct rows *rows(struct view *view)
{
	struct state *state = view->state;

	return tabs[state->tab].is_record ? NULL : &state->pages[state->tab].rows;
}

static struct list *list(struct view *view)
{
	struct state *state = view->state;
	struct page *page = &state->pages[state->tab];

	return tabs[state->tab].is_record ? &page->record.list : &page->list;
}

static void title(struct view *view, struct out *out)
{
	struct state *state = view->state;
	const struct process *process = &view->checkpoint->processes.items[state->row];

	out_printf(out, "%u ", state->pid);
	escape_text(out, process->comm);
}

/* As many tabs as there is room for, the one that is open among them. */
static void draw_tabs(struct view *view, const struct area *area)
{
	struct state *state = view->state;
	int column = 1;

	for (size_t i = area->columns < 100 && state->tab > 5 ? state->tab - 5 : 0;
	     i < N_TABS && column < area->columns; i++) {
		char text[32];
		int took;

		snprintf(text, sizeof(text), i == state->tab ? "[%zu %s]" : " %zu %s ", i + 1, tabs[i].name);
		took = area_text(area, 0, column, i == state->tab ? LOOK_STRONG : LOOK_DIM, text);
		area_spot(area, 0, column, took, SPOT_ACTION, ACTION_TAB_1 + i);
		column += took;
	}
}

static void draw(struct view *view, const struct area *area)
{
	struct state *state = view->state;
	const struct process *process = &view->checkpoint->processes.items[state->row];
	struct area below = area_rows(area, area->rows > 4 ? 2 : area->rows > 2 ? 1 : 0, -1);
	struct out out;

	out_init(&out, -1);
	if (area->rows > 4) {
		render_process(view->checkpoint, process, view->tui->reveal, &state->arena, &out);
		area_put(area, 0, 1, -1, LOOK_PLAIN, out_held(&out));
	}
	if (area->rows > 2) {
		struct area line = area_rows(area, area->rows > 4, 1);

		draw_tabs(view, &line);
	}
	list_draw(list(view), &below);
	out_deinit(&out);
}

static bool act(struct view *view, enum action action)
{
	struct state *state = view->state;

	if (action == ACTION_NEXT_TAB)
		turn_to(view, (state->tab + 1) % N_TABS);
	else if (action == ACTION_PREVIOUS_TAB)
		turn_to(view, (state->tab + N_TABS - 1) % N_TABS);
	else if (action >= ACTION_TAB_1 && action < ACTION_TAB_1 + N_TABS)
		turn_to(view, action - ACTION_TAB_1);
	else
		return false;
	return true;
}

/* A descriptor leads to its file, a socket to its socket; the rest to where their tables lead. */
static bool follow(struct view *view, struct link *ret)
{
	struct state *state = view->state;
	const struct checkpoint *checkpoint = view->checkpoint;
	const struct file *file;
	struct rows *table = rows(view);
	uint32_t row;

	if (!table)
		return record_follow(&state->pages[state->tab].record, ret);
	row = rows_selected(table);
	if (row == NO_ROW)
		return false;
	file = !strcmp(table->table->name, "fd") ? checkpoint_file(checkpoint, checkpoint->fds.items[row].file)
						 : NULL;
	if (!file)
		return row_follow(view->checkpoint, table->table, row, ret);
	*ret = LINK_TO(&screen_record);
	ret->table = table_named(file->socket == NO_ROW ? "file" : "socket");
	ret->row = file->socket == NO_ROW ? checkpoint->fds.items[row].file : file->socket;
	return true;
}

static bool origin(struct view *view, struct origin *ret)
{
	struct state *state = view->state;

	return rows(view) ? rows_origin(rows(view), ret)
			  : record_origin(&state->pages[state->tab].record, ret);
}

static void where(struct view *view, struct out *out)
{
	struct state *state = view->state;
	struct origin from;

	if (!rows(view))
		record_where(&state->pages[state->tab].record, out);
	else if (rows_origin(rows(view), &from))
		put_origin(view->checkpoint, &from, out);
}

static void command(struct view *view, struct out *out)
{
	struct state *state = view->state;

	if (rows(view)) {
		rows_command(rows(view), out);
	} else {
		out_printf(out, "list process -p %u --columns %s", state->pid, tabs[state->tab].columns);
		put_reveal(view, out);
	}
	put_checkpoint(view, out);
}

static uint32_t process(struct view *view)
{
	return ((struct state *)view->state)->row;
}

const struct screen screen_process = {
	.name = "task",
	.help = "one process: task PID",
	.keys = KEYS_LIST | KEYS_TABLE | KEYS_TABS,
	.state_size = sizeof(struct state),
	.open = open_process,
	.close = close_process,
	.title = title,
	.draw = draw,
	.act = act,
	.list = list,
	.rows = rows,
	.follow = follow,
	.origin = origin,
	.where = where,
	.command = command,
	.process = process,
};
