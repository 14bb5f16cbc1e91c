/*
 * The table vma against /proc/PID/maps (proc.json): every mapping has its row, at the same
 * addresses, with the same protection, offset and file, and there is no other row.
 */
#pragma once

#include "tests/interop/corpus.h"
#include "tests/interop/tasks.h"

static size_t n_mappings, n_mapping_truths;

/* --- a line of maps --------------------------------------------------------------------------- */

struct mapping {
	uint64_t start, end, offset;
	char prot[8];
	const char *shown; /* path or [word]; "" for anonymous memory */
	const char *name;  /* the same, without " (deleted)" */
};

static struct mapping read_mapping(const char *line)
{
	static const char mark[] = " (deleted)";
	struct mapping mapping = { 0 };
	int consumed = 0;
	size_t len;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64 " %*s %*s %n", &mapping.start,
		   &mapping.end, mapping.prot, &mapping.offset, &consumed) != 4 || !consumed)
		differs("no line of maps: %s", line);
	mapping.shown = line + consumed;
	len = strlen(mapping.shown);
	if (len > strlen(mark) && !strcmp(mapping.shown + len - strlen(mark), mark))
		len -= strlen(mark);
	mapping.name = make_text("%.*s", (int)len, mapping.shown);
	return mapping;
}

static bool is_vvar(const struct mapping *mapping)
{
	return !strncmp(mapping->name, "[vvar", 5);
}

/* --- kinds ------------------------------------------------------------------------------------ */

/* What maps calls a mapping, and what the table does; several where maps does not say which. */
static const struct {
	const char *name, *kinds;
} name_kinds[] = {
	{ "[[]heap]", "heap" },
	{ "[[]stack]", "stack" },
	{ "[[]vdso]", "vdso" },
	{ "[[]vvar*", "vvar" },
	{ "/[[]aio] (deleted)", "aio" },
	{ "/memfd:*", "memfd" },
	{ "/SYSV* (deleted)", "sysv" },
	{ "/dev/zero (deleted)", "shmem" }, /* how the kernel names shared anonymous memory */
	{ "/anon_hugepage (deleted)", "anon shmem memfd" }, /* private, shared, or as CRIU has it */
	{ "", "anon" },
	{ "[[]anon:*", "anon" },
	{ "/*", "file" },
};

static void compare_kind(struct json_object *row, const struct mapping *mapping)
{
	const char *kind = cell_text(row, "kind");

	n_compared++;
	for (size_t i = 0; i < ARRAY_SIZE(name_kinds); i++) {
		if (fnmatch(name_kinds[i].name, mapping->shown, 0) != 0)
			continue;
		if (!is_one_of(name_kinds[i].kinds, kind))
			differs("kind of %s is %s, not %s", mapping->shown, kind ? kind : "null",
				name_kinds[i].kinds);
		return;
	}
	differs("no kind is known for %s", mapping->shown);
}

/* --- comparing -------------------------------------------------------------------------------- */

/* The row at that address. Guard regions lie over other rows, and are no lines of maps. */
static struct json_object *row_at_address(struct json_object *vmas, int64_t pid, uint64_t start)
{
	struct json_object *row;

	EACH(row, vmas)
		if (number_of(row, "pid") == pid && cell_mask(row, "start") == start &&
		    strcmp(cell_text(row, "kind"), "guard") != 0)
			return row;
	return NULL;
}

static void compare_mapping(struct json_object *row, const struct mapping *mapping)
{
	n_mappings++;
	same_mask("end", mapping->end, cell_mask(row, "end"));
	same_text("prot", mapping->prot, cell_text(row, "prot"));
	compare_kind(row, mapping);
	if (mapping->name[0] != '/')
		return;
	same_number("pgoff", (int64_t)mapping->offset, cell_number(row, "pgoff"));
	/* Behind shared memory there is no file; /proc shows a name that nobody can open. */
	if (!strcmp(cell_text(row, "kind"), "file") || !strncmp(mapping->name, "/memfd:", 7))
		same_text("path", mapping->name, cell_text(row, "path"));
}

/* The lines of one task as the images have them. */
static struct mapping *read_maps(struct json_object *task, size_t *ret_n)
{
	struct mapping *mappings = calloc(length(member(task, "maps")) + 1, sizeof(*mappings));
	struct json_object *line;
	size_t n = 0;

	EACH(line, member(task, "maps")) {
		struct mapping mapping = read_mapping(json_object_get_string(line));

		/* Newer kernels name the clock pages apart; CRIU has the two as one. */
		if (n && is_vvar(&mapping) && is_vvar(&mappings[n - 1]) &&
		    mappings[n - 1].end == mapping.start)
			mappings[n - 1].end = mapping.end;
		/* The kernel's own page, which not every kernel has; tests/live holds it. */
		else if (strcmp(mapping.name, "[vsyscall]") != 0)
			mappings[n++] = mapping;
	}
	*ret_n = n;
	return mappings;
}

static size_t count_mappings(struct json_object *vmas, int64_t pid)
{
	struct json_object *row;
	size_t n = 0;

	EACH(row, vmas)
		n += number_of(row, "pid") == pid && strcmp(cell_text(row, "kind"), "guard") != 0;
	return n;
}

static void compare_mappings(struct json_object *vmas, struct json_object *task, int64_t pid)
{
	size_t n;
	struct mapping *mappings = read_maps(task, &n);

	look_at("pid %" PRId64, pid);
	same_number("mappings", (int64_t)n, (int64_t)count_mappings(vmas, pid));
	for (size_t i = 0; i < n; i++) {
		struct json_object *row = row_at_address(vmas, pid, mappings[i].start);

		look_at("pid %" PRId64 " 0x%" PRIx64 " %s", pid, mappings[i].start,
			mappings[i].name);
		holds(row != NULL, "the mapping is there");
		if (row)
			compare_mapping(row, &mappings[i]);
	}
	free(mappings);
}

/* --- the workload ----------------------------------------------------------------------------- */

static void check_address(struct json_object *vmas, struct json_object *truth, int64_t pid,
			  const char *kind)
{
	uint64_t address = strtoull(text_of(truth, "addr"), NULL, 16);
	struct json_object *row = row_at_address(vmas, pid, address);

	look_at("pid %" PRId64 " 0x%" PRIx64 " (truth)", pid, address);
	n_mapping_truths++;
	holds(row != NULL, "the mapping is there");
	if (kind)
		same_text("kind", kind, cell_text(row, "kind"));
}

/* Each page of a mapping is somewhere; what its guards take is theirs. */
static void check_page_counts(const struct case_files *files, struct json_object *vmas)
{
	static const char *const counts[] = { "pages_present", "pages_parent", "pages_lazy",
					      "pages_absent" };
	int64_t page_size = cell_number(element(list_table("checkpoint", files), 0), "page_size");
	struct json_object *row;

	EACH(row, vmas) {
		int64_t pages = 0;

		look_at("pid %" PRId64 " %s", number_of(row, "pid"), text_of(row, "start"));
		for (size_t i = 0; i < ARRAY_SIZE(counts); i++)
			pages += cell_number(row, counts[i]);
		same_number("pages", number_of(row, "size"), pages * page_size);
	}
}

static void check_mapping_truth(const struct case_files *files, struct json_object *vmas)
{
	struct json_object *truth, *pid;

	/* Text that a workload put into a page of its own means that the page was dumped. */
	EACH(truth, member(files->truth, "mem")) {
		uint64_t address = strtoull(text_of(truth, "addr"), NULL, 16);

		check_address(vmas, truth, number_of(truth, "pid"), NULL);
		holds(cell_number(row_at_address(vmas, number_of(truth, "pid"), address),
				  "pages_present") > 0,
		      "the marked page is there");
	}
	EACH(truth, member(files->truth, "map"))
		check_address(vmas, truth, number_of(truth, "pid"), NULL);
	EACH(truth, member(files->truth, "shared_anon"))
		EACH(pid, member(truth, "pids"))
			check_address(vmas, truth, json_object_get_int64(pid), "shmem");
	EACH(truth, member(files->truth, "sysv_shm"))
		if (member(truth, "addr"))
			check_address(vmas, truth, number_of(truth, "pid"), "sysv");
}

/* The row's pid, or ABSENT for a task that is not the one of proc.json: see find_task. */
static int64_t same_task(const struct case_files *files, struct json_object *processes,
			 struct json_object *task)
{
	int64_t pid = number_of(find_task(files, processes, task), "pid");

	return pid == image_pid(task) ? pid : ABSENT;
}

static void mappings_are_true(const struct case_files *files)
{
	struct json_object *vmas, *processes, *task;

	if (files->checkpoint && !is_refused(files)) {
		vmas = list_table("vma", files);
		processes = list_table("process", files);
		EACH(task, proc_tasks(files))
			if (member(task, "maps") && same_task(files, processes, task) != ABSENT)
				compare_mappings(vmas, task, image_pid(task));
		check_mapping_truth(files, vmas);
		check_page_counts(files, vmas);
	}
}

static void enough_mappings_were_compared(void)
{
	enough_was_compared("mappings", n_mappings, 1000);
	enough_was_compared("lines of truth about mappings", n_mapping_truths, 95);
}
