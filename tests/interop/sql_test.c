/*
 * SQL over every case: the rows are those of the listings, in every form, and what /proc said before the
 * dump is found by asking for it in SQL.
 */
#define json_bool json_c_bool
#include "tests/interop/corpus.h"
#include "tests/interop/tasks.h"
#undef json_bool

#include "db/sql/database.h"
#include "db/tables/render.h"

static size_t n_listings, n_rows, n_found;

/* --- the database of a case ----------------------------------------------------------------------- */

static struct {
	const char *name;
	struct checkpoint checkpoint;
	struct database *database;
} current;

static void close_current(void)
{
	if (!current.name)
		return;
	database_close(current.database);
	checkpoint_close(&current.checkpoint);
	current.name = NULL;
}

/* False where the case has no checkpoint that can be opened. */
static bool open_current(const struct case_files *files)
{
	const struct database_options options = { .reveal = true };
	struct checkpoint *list[] = { &current.checkpoint };

	if (current.name && !strcmp(current.name, files->name))
		return true;
	close_current();
	if (!files->checkpoint || is_refused(files))
		return false;
	assert_null(checkpoint_open(files->checkpoint, &current.checkpoint));
	assert_null(database_open(list, 1, &options, &current.database));
	current.name = files->name;
	return true;
}

/* --- SELECT * is the listing ---------------------------------------------------------------------- */

static const struct {
	enum row_form form;
	void (*render)(const struct checkpoint *checkpoint, const struct listing *listing, struct out *out);
} forms[] = {
	{ ROWS_JSON, render_json },
	{ ROWS_JSONL, render_jsonl },
	{ ROWS_CSV, render_csv },
};

static void print_selected(const char *sql, enum row_form form, struct out *out)
{
	struct statement *statement = NULL;
	struct error *error = statement_prepare(current.database, bytes_of(sql), &statement);
	const char *names[256];
	struct value values[256];
	struct row_writer writer;
	bool has_row = false;
	struct arena arena;
	size_t n;

	if (error)
		fail_msg("%s: %s", sql, error->message);
	n = statement_columns(statement);
	for (size_t i = 0; i < n; i++)
		names[i] = statement_name(statement, i);
	arena_init(&arena);
	rows_begin(&writer, form, names, n, out);
	for (;;) {
		error = statement_step(statement, &has_row);
		if (error)
			fail_msg("%s: %s", sql, error->message);
		if (!has_row)
			break;
		for (size_t i = 0; i < n; i++)
			statement_value(statement, i, &arena, &values[i]);
		rows_put(&writer, values);
		n_rows++;
	}
	rows_end(&writer);
	arena_deinit(&arena);
	statement_free(statement);
}

static void compare_table(const struct table *table, const char *sql, bool provenance)
{
	const struct listing_request request = { .provenance = provenance, .reveal = true };
	struct arena arena;

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct out listed, selected;
		struct listing listing;

		arena_init(&arena);
		out_init(&listed, -1);
		out_init(&selected, -1);
		assert_null(listing_init(&arena, table, &request, &listing));
		listing_choose(&current.checkpoint, &request, &listing);
		forms[i].render(&current.checkpoint, &listing, &listed);
		print_selected(sql, forms[i].form, &selected);
		n_listings++;
		if (!bytes_equal(out_held(&listed), out_held(&selected)))
			differs("%s is another than the listing", sql);
		out_deinit(&listed);
		out_deinit(&selected);
		arena_deinit(&arena);
	}
}

static void selected_is_listed(const struct case_files *files)
{
	if (!open_current(files))
		return;
	for (size_t i = 0; i < n_tables; i++) {
		compare_table(tables[i], make_text("SELECT * FROM %s", tables[i]->name), false);
		compare_table(tables[i],
			      make_text("SELECT *, src_image, src_entry, src_offset, src_archive_offset FROM %s",
					tables[i]->name), true);
	}
}

static void enough_was_selected(void)
{
	close_current();
	enough_was_compared("listings", n_listings, 5000);
	enough_was_compared("rows", n_rows, 20000);
}

/* --- /proc ---------------------------------------------------------------------------------------- */

/* The first cell, a number; ABSENT where there is no row or it is NULL. */
static int64_t ask(const char *sql, int64_t first, int64_t second, const char *text)
{
	struct statement *statement = NULL;
	int64_t found = ABSENT;
	bool has_row = false;
	struct arena arena;
	struct value value;

	assert_null(statement_prepare(current.database, bytes_of(sql), &statement));
	statement_bind_integer(statement, 1, first);
	statement_bind_integer(statement, 2, second);
	if (text)
		statement_bind_text(statement, 3, bytes_of(text));
	assert_null(statement_step(statement, &has_row));
	arena_init(&arena);
	if (has_row) {
		statement_value(statement, 0, &arena, &value);
		found = value.type == VALUE_INT ? value.integer : ABSENT;
	}
	arena_deinit(&arena);
	statement_free(statement);
	return found;
}

/* Each address of maps is in one mapping, which is found by its range. */
static void ask_for_mappings(struct json_object *task, int64_t pid)
{
	struct json_object *line;

	EACH(line, member(task, "maps")) {
		uint64_t start, end;
		char prot[8];

		if (sscanf(json_object_get_string(line), "%" SCNx64 "-%" SCNx64 " %7s", &start, &end, prot) != 3)
			differs("no line of maps");
		same_number("mappings at an address", 1,
			    ask("SELECT count(*) FROM vma WHERE pid = ?1 AND start <= ?2 AND end > ?2 AND "
				"prot = ?3", pid, (int64_t)(end - 1), prot));
		n_found++;
		if (strstr(json_object_get_string(line), "[vvar"))
			continue; /* one row may be two lines */
		same_number("mappings from an address", 1,
			    ask("SELECT count(*) FROM vma WHERE pid = ?1 AND start = ?2", pid,
				(int64_t)start, NULL));
	}
}

/* Lists are JSON: the arguments, one by one. */
static void ask_for_arguments(struct json_object *task, int64_t pid)
{
	struct json_object *argument;
	int64_t i = 0;

	if (ask("SELECT argv IS NULL FROM process WHERE pid = ?1", pid, 0, NULL))
		return; /* left to a page server */
	EACH(argument, member(task, "cmdline")) {
		same_number("an argument", 1,
			    ask("SELECT value = ?3 FROM process, json_each(argv) WHERE pid = ?1 AND key = ?2", pid,
				i++, json_object_get_string(argument)));
		n_found++;
	}
}

static void ask_for_descriptors(struct json_object *task, int64_t pid)
{
	struct json_object *fd;

	EACH(fd, member(task, "fds")) {
		same_number("a descriptor", 1,
			    ask("SELECT count(*) FROM fd JOIN process USING (pid) WHERE pid = ?1 AND fd = ?2", pid,
				number_of(fd, "fd"), NULL));
		n_found++;
	}
}

static void proc_is_found(const struct case_files *files)
{
	struct json_object *task, *processes;

	if (!open_current(files) || !files->proc)
		return;
	processes = list_table("process", files);
	EACH(task, proc_tasks(files)) {
		int64_t pid = number_of(find_task(files, processes, task), "pid");

		if (pid != image_pid(task) || !member(task, "maps"))
			continue;
		look_at("%s pid %" PRId64, files->name, pid);
		ask_for_mappings(task, pid);
		ask_for_arguments(task, pid);
		ask_for_descriptors(task, pid);
	}
}

static void enough_was_found(void)
{
	enough_was_compared("things in /proc", n_found, 1000);
}

int main(void)
{
	static const struct subject subjects[] = {
		{ "SELECT *", selected_is_listed, enough_was_selected },
		{ "/proc in SQL", proc_is_found, enough_was_found },
	};

	return run_over_cases("sql", subjects, ARRAY_SIZE(subjects));
}
