/*
 * Page runs, logs, and what is not known: held against what the reference decoder read from the same images (ref/)
 * and what the workload made (truth.json). With CORPUS=DIRECTORY the cases are the directories there.
 */
#include "tests/interop/reference.h"
#include "tests/interop/tasks.h"

static size_t n_runs, n_lines, n_marked_lines, n_errors, n_without_unknown;

/* --- page runs ----------------------------------------------------------------------------- */

static const char *state_of(int64_t flags)
{
	return flags & 4 ? "present" : flags & 1 ? "parent" : flags & 2 ? "lazy" : NULL;
}

static int64_t flags_of_entry(struct json_object *entry)
{
	if (member(entry, "flags"))
		return number_of(entry, "flags");
	return json_object_get_boolean(member(entry, "in_parent")) ? 1 : 4;
}

static int64_t pages_of_entry(struct json_object *entry)
{
	int64_t pages = number_of(entry, "nr_pages");

	return pages ? pages : number_of(entry, "compat_nr_pages");
}

/* The end of a run and its place in the pages image: the page size is what one tells of it. */
static void compare_place(struct json_object *row, int64_t pages, int64_t before, bool present)
{
	int64_t page_size = (int64_t)(cell_mask(row, "end") - cell_mask(row, "address")) / pages;

	holds(page_size == 4096 || page_size == 16384 || page_size == 65536, "a page size");
	if (present)
		same_mask("pages_offset", (uint64_t)(before * page_size),
			  cell_mask(row, "pages_offset"));
	else
		same_text("pages_offset", NULL, cell_text(row, "pages_offset"));
}

static void compare_runs(const struct case_files *files, const char *key, int64_t id,
			 struct json_object *entries)
{
	struct json_object *rows = list_table("page_run", files), *row;
	int64_t before = 0, pages_id = number_of(element(entries, 0), "pages_id");

	same_number("runs", (int64_t)length(entries) - 1, (int64_t)count_rows(rows, key, id));
	for (size_t i = 1; i < length(entries); i++) {
		struct json_object *from = element(entries, i);
		int64_t flags = flags_of_entry(from), pages = pages_of_entry(from);

		row = find_row(rows, key, id, "entry", (int64_t)i);
		n_runs++;
		same_mask("address", (uint64_t)number_of(from, "vaddr"), cell_mask(row, "address"));
		same_number("pages", pages, cell_number(row, "pages"));
		same_text("state", state_of(flags), cell_text(row, "state"));
		same_text("pages_image",
			  flags & 4 ? make_text("pages-%" PRId64 ".img", pages_id) : NULL,
			  cell_text(row, "pages_image"));
		compare_place(row, pages, before, flags & 4);
		before += flags & 4 ? pages : 0;
	}
}

static void compare_task_runs(const struct case_files *files, int64_t pid,
			      struct json_object *entries)
{
	compare_runs(files, "pid", pid, entries);
}

static void compare_shmem_runs(const struct case_files *files, int64_t shmid,
			       struct json_object *entries)
{
	struct json_object *row;
	size_t n = 0;

	/* A shmid may be 0, which a pid's null would look like. */
	EACH(row, list_table("page_run", files))
		n += !strcmp(text_of(row, "kind"), "shmem") && number_of(row, "shmid") == shmid;
	same_number("runs", (int64_t)length(entries) - 1, (int64_t)n);
	if (shmid)
		compare_runs(files, "shmid", shmid, entries);
}

static void page_runs_are_true(const struct case_files *files)
{
	if (!files->checkpoint || is_refused(files))
		return;
	each_reference(files, "pagemap-[0-9]*.img", compare_task_runs);
	each_reference(files, "pagemap-shmem-*.img", compare_shmem_runs);
}

static void enough_page_runs_were_compared(void)
{
	enough_was_compared("page runs", n_runs, 850);
}

/* --- logs ---------------------------------------------------------------------------------- */

/* Of the text of a log: lines, those that begin with a time, those that are errors. */
struct log_counts {
	size_t lines, marked, errors;
};

static struct log_counts count_text(const char *path)
{
	struct log_counts counts = { 0 };
	char *text = make_text("%s", (const char *)read_file(path).data), *rest = text, *line;

	while ((line = strsep(&rest, "\n")) && (rest || *line)) {
		counts.lines++;
		counts.marked += line[0] == '(' && strstr(line, ") ") != NULL;
		counts.errors += strstr(line, "Error (") != NULL;
	}
	return counts;
}

static struct log_counts count_log_rows(struct json_object *rows)
{
	struct log_counts counts = { 0 };
	struct json_object *row;

	EACH(row, rows) {
		const char *level = text_of(row, "level");

		counts.lines++;
		counts.marked += member(row, "time") != NULL;
		counts.errors += level && !strcmp(level, "error");
	}
	return counts;
}

/* "(00.112381) Error (criu/file-lock.c:110): Some file locks ..." */
static void check_error(struct json_object *rows, const char *wanted)
{
	struct json_object *row;

	EACH(row, rows) {
		const char *level = cell_text(row, "level");
		const char *line;

		if (!level || strcmp(level, "error") != 0 || !cell_text(row, "time"))
			continue;
		line = make_text("(%s) Error (%s): %s", cell_text(row, "time"),
				 cell_text(row, "source"), cell_text(row, "message"));
		if (!strcmp(line, wanted)) {
			n_errors++;
			return;
		}
	}
	/* The case says the first lines that speak of errors, whoever printed them. */
	if (strstr(wanted, "Error (criu") && wanted[0] == '(')
		differs("no row for: %s", wanted);
}

static void logs_are_true(const struct case_files *files)
{
	const char *path = files->checkpoint ? make_text("%s/dump.log", files->checkpoint) : NULL;
	struct log_counts wanted, found;
	struct json_object *rows, *line;

	if (!path || !is_there(path) ||
	    run("list", "log", files->checkpoint, NULL).status != 0)
		return;
	rows = list_table("log", files);
	wanted = count_text(path);
	found = count_log_rows(rows);
	n_lines += wanted.lines;
	n_marked_lines += wanted.marked;
	same_number("lines", (int64_t)wanted.lines, (int64_t)found.lines);
	same_number("lines with a time", (int64_t)wanted.marked, (int64_t)found.marked);
	same_number("errors", (int64_t)wanted.errors, (int64_t)found.errors);
	EACH(line, member(files->truth, "first_errors"))
		check_error(rows, json_object_get_string(line));
}

static void enough_log_lines_were_compared(void)
{
	enough_was_compared("lines of logs", n_lines, 24000);
	enough_was_compared("lines of logs with a time", n_marked_lines, 21000);
	enough_was_compared("errors in logs", n_errors, 2);
}

/* --- what is not known --------------------------------------------------------------------- */

/* All cases were made by releases that this version knows. */
static void nothing_is_unknown(const struct case_files *files)
{
	if (!files->checkpoint || is_refused(files))
		return;
	n_without_unknown++;
	same_number("unknown", 0, (int64_t)length(list_table("unknown", files)));
}

static void enough_was_known(void)
{
	enough_was_compared("checkpoints without anything unknown", n_without_unknown, 20);
}

int main(void)
{
	static const struct subject subjects[] = {
		{ "page runs", page_runs_are_true, enough_page_runs_were_compared },
		{ "logs", logs_are_true, enough_log_lines_were_compared },
		{ "unknown", nothing_is_unknown, enough_was_known },
	};

	return run_over_cases("pages and logs", subjects, ARRAY_SIZE(subjects));
}
