/* The screens of an index: held against files that were looked at, and against what query prints. */
#include "tests/support/screens.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/sql/queries.h"

static const char *database;

/* As tests/tui/update makes it: paths and times are those of no machine. */
static int make_index(void **state)
{
	char here[4096], *sql = NULL;
	sqlite3 *handle = NULL;

	(void)state;
	shown[0] = database = scratch_path("fleet.db");
	assert_int_equal(run("index", "-q", "-d", database, "samples/podman.tar.zst",
			     "samples/cases/net-criu4.2.1.tar.zst", "samples/cases/refused-flock-criu4.1.1.tar.zst",
			     "samples/cases/handmade-crio-criu4.2.1.tar.zst", "tests/tui/update", NULL)
				 .status, 4); /* the last one is no checkpoint, which is told and recorded */
	assert_non_null(getcwd(here, sizeof(here)));
	sql = sqlite3_mprintf("UPDATE indexed SET indexed_at = '2026-01-02T03:04:05Z', sha256 = NULL,"
			      " path = '/srv' || substr(path, length(%Q) + 1)", here);
	assert_int_equal(sqlite3_open(database, &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_free(sql);
	sqlite3_close(handle);
	return 0;
}

static void screens_of_each_size(void **state)
{
	(void)state;
	assert_golden_of_each_size("index");
}

static void screens_of_ascii(void **state)
{
	(void)state;
	assert_golden_of_ascii("index");
}

/* The lines of a list, as words with one blank between them, and without the cursor; those of headings and bars too. */
static char *words_of(struct bytes text)
{
	char *words = malloc(text.len + 1), *out = words;

	assert_non_null(words);
	for (size_t i = 0; i < text.len; i++) {
		char c = (char)text.data[i];
		bool at_start = out == words || out[-1] == '\n';

		if (c == '>' && at_start)
			c = ' ';
		if (c == ' ' && (at_start || out[-1] == ' '))
			continue;
		if (c == '\n' && out > words && out[-1] == ' ')
			out--;
		*out++ = c;
	}
	*out = '\0';
	return words;
}

/* What the screen shows behind its heading is, row by row, what query prints behind its own. */
static void assert_as_queried(const char *keys, const char *sql)
{
	char *screen = words_of(screen_after(keys)), *query, *rows, *end;
	struct outcome outcome = run("query", database, sql, NULL);

	assert_int_equal(outcome.status, 0);
	query = words_of(outcome.out);
	rows = strchr(query, '\n') + 1;
	end = strrchr(rows, '\0');
	while (end > rows && end[-1] == '\n')
		*--end = '\0';
	assert_true(strlen(rows) > 100);
	if (!strstr(screen, rows))
		fail_msg("is\n%s\nshould\n%s", screen, rows);
	free(screen);
	free(query);
}

static void rows_are_those_of_query(void **state)
{
	(void)state;
	assert_as_queried("type :fd\nkeys Enter\nsave\n",
			  "SELECT checkpoint, pid, fd, type, access, pos, path, detail FROM fd ORDER BY rowid");
	assert_as_queried("keys Enter\ntype /^vma\nkeys Enter Enter\nsave\n",
			  "SELECT pid, start, \"end\", prot, kind, pages_present, path FROM vma "
			  "WHERE checkpoint = 1 ORDER BY rowid");
}

/* Sorted by SQLite, and those that are alike as they were. */
static void order_is_that_of_query(void **state)
{
	(void)state;
	assert_as_queried("type :fd\nkeys Enter\ntype :sort -path\nkeys Enter\nsave\n",
			  "SELECT checkpoint, pid, fd, type, access, pos, path, detail FROM fd "
			  "ORDER BY path DESC, rowid");
	assert_as_queried("type :fd\nkeys Enter\ntype :sort pos\nkeys Enter\ntype \\/data/\nkeys Enter\nsave\n",
			  "SELECT checkpoint, pid, fd, type, access, pos, path, detail FROM fd "
			  "WHERE path REGEXP '/data/' ORDER BY pos, rowid");
	assert_as_queried("type :fd\nkeys Enter\ntype \\!socket\nkeys Enter\nsave\n",
			  "SELECT checkpoint, pid, fd, type, access, pos, path, detail FROM fd "
			  "WHERE path IS NULL OR path NOT REGEXP 'socket' ORDER BY rowid");
}

/* What "w" writes is what query prints in the same form, in the order that is shown; more rows than are kept for drawing. */
static void rows_are_written(void **state)
{
	static const char script[] = "type :seccomp_code\nkeys Enter\ntype :sort -text\nkeys Enter\ntype :w code.csv\nkeys Enter\n"
				     "save said.txt\ntype :w code.json\nkeys Enter\n";
	static const char sql[] = "SELECT checkpoint, filter_id, line, text, meaning FROM seccomp_code "
				  "ORDER BY text DESC, rowid";
	const char *file = scratch_path("w.script"), *directory = scratch_path("rows");

	(void)state;
	write_file(file, script, strlen(script));
	assert_int_equal(run("tui", "--script", file, "-o", directory, database, NULL).status, 0);
	assert_same(run("query", "-f", "csv", database, sql, NULL).out, scratch_path("rows/code.csv"));
	assert_same(run("query", "-f", "json", database, sql, NULL).out, scratch_path("rows/code.json"));
	assert_says(read_file(scratch_path("rows/said.txt")), "rows in code.csv\n");
}

/* The number of rows of each table, of one checkpoint and of all. */
static void counts_are_those_of_query(void **state)
{
	static const char *const names[] = { "process", "fd", "socket", "seccomp_code", "log", "member" };
	char *one = words_of(screen_after("keys Enter\nsave\n")), *all = words_of(screen_after("keys T\nsave\n"));

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		for (int k = 0; k < 2; k++) {
			char sql[128], line[128];
			struct bytes out;

			snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s %s", names[i], k ? "" : "WHERE checkpoint = 1");
			out = run("query", "-f", "csv", database, sql, NULL).out;
			out = bytes_from(out, bytes_find(out, '\n') + 1);
			snprintf(line, sizeof(line), "\n%s %lu ", names[i], strtoul((const char *)out.data, NULL, 10));
			if (strtoul((const char *)out.data, NULL, 10))
				assert_non_null(strstr(k ? all : one, line));
			else
				assert_null(strstr(k ? all : one, line));
		}
	free(one);
	free(all);
}

/* Where a row is from stands below, as the columns of provenance have it. */
static void rows_say_where_they_are_from(void **state)
{
	struct bytes screen = screen_after("type :fd\nkeys Enter G\nsave\n");
	struct bytes out = run("query", "-f", "csv", database, "SELECT src_image, src_entry, printf('0x%x', src_offset) "
			       "FROM fd ORDER BY rowid DESC LIMIT 1", NULL).out;
	char image[128], offset[32], line[256];
	unsigned entry;

	(void)state;
	out = bytes_from(out, bytes_find(out, '\n') + 1);
	assert_int_equal(sscanf((const char *)out.data, "%127[^,],%u,%31[^\r\n]", image, &entry, offset), 3);
	snprintf(line, sizeof(line), "%s #%u @%s ", image, entry, offset);
	assert_says(screen, line);
	assert_says(screen_after("type :fd\nkeys Enter c\nsave\n"), "coldcase query -e 'SELECT rowid AS \"rowid\", ");
	assert_says(screen_after("type :fd\nkeys Enter Enter c\nsave\n"),
		    "coldcase query -e 'SELECT * FROM \"fd\" WHERE rowid = 1' /");
}

static size_t count_lines(struct bytes text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += text.data[i] == '\n';
	return n;
}

static const char *argument_of(const struct named_query *query)
{
	static const char *const arguments[][2] = { { "holds-ip", "127.0.0.0/8" }, { "holds-file", "/data/*" },
						    { "runs", "*net*" }, { "like", "1" } };

	for (size_t i = 0; i < sizeof(arguments) / sizeof(*arguments); i++)
		if (!strcmp(arguments[i][0], query->name))
			return arguments[i][1];
	return query->n_arguments ? "00" : NULL;
}

/* Each query that is made already and can be asked of an index has as many rows as query prints. */
static void queries_are_asked(void **state)
{
	size_t asked = 0, with_rows = 0;

	(void)state;
	for (size_t i = 0; i < n_named_queries; i++) {
		const char *name = named_queries[i].name, *argument = argument_of(&named_queries[i]);
		char keys[256], count[64], title[128];
		struct bytes screen;
		size_t n = 0;

		if (named_queries[i].over == QUERY_OVER_CHECKPOINTS || named_queries[i].over == QUERY_OVER_TWO)
			continue;
		n = count_lines(run("query", "-f", "csv", database, "--name", name, argument ? "--arg" : NULL, argument, NULL).out);
		assert_in_range(n, 1, 10000);
		snprintf(keys, sizeof(keys), "type :queries\nkeys Enter\ntype /^%s  \nkeys Enter Enter\n", name);
		if (argument)
			snprintf(keys + strlen(keys), sizeof(keys) - strlen(keys), "type %s\nkeys Enter\n", argument);
		strcat(keys, "save\n");
		snprintf(count, sizeof(count), " %d of %zu\n", n > 1, n - 1);
		snprintf(title, sizeof(title), "queries \u203a %s%s%s\n", name, argument ? " " : "", argument ? argument : "");
		screen = screen_after(keys);
		assert_says(screen, title);
		assert_says(screen, count);
		asked++;
		with_rows += argument && n > 1;
	}
	assert_in_range(with_rows, 3, 10);
	assert_in_range(asked, 10, 100);
}

/* An argument that is not typed is asked for again, and c says the command with it. */
static void arguments_are_asked_for(void **state)
{
	static const char to_it[] = "type :queries\nkeys Enter\ntype /^holds-ip  \nkeys Enter";
	char keys[256];

	(void)state;
	snprintf(keys, sizeof(keys), "%s Enter\nsave\n", to_it);
	assert_says(screen_after(keys), "holds-ip asks for ADDRESS: type it, then Enter");
	snprintf(keys, sizeof(keys), "%s Enter Enter\nsave\n", to_it);
	assert_says(screen_after(keys), "\"holds-ip\" takes 1 argument, ADDRESS, and not 0");
	snprintf(keys, sizeof(keys), "%s Enter\ntype 10.0.0.1'x\nkeys Enter c\nsave\n", to_it);
	assert_says(screen_after(keys), "coldcase query --name holds-ip --arg '10.0.0.1'\\''x' /");
}

/* --- originals ------------------------------------------------------------------------------------------- */

static const char *originals, *originals_images, *of_originals; /* a directory of checkpoints, one of images, their index */

static void copy_file(const char *from, const char *to)
{
	struct bytes bytes = read_file(from);

	write_file(to, bytes.data, bytes.len);
}

static int make_originals(void **state)
{
	char command[1024];

	(void)state;
	originals = scratch_path("originals");
	of_originals = scratch_path("originals.db");
	assert_int_equal(mkdir(originals, 0700), 0);
	assert_int_equal(mkdir(originals_images = scratch_path("originals/img"), 0700), 0);
	copy_file("samples/podman.tar.zst", scratch_path("originals/a.tar.zst"));
	copy_file("samples/cases/net-criu4.2.1.tar.zst", scratch_path("originals/b.tar.zst"));
	snprintf(command, sizeof(command), "cp %s/img/* %s", sample_case("tree-criu4.2.1"), originals_images);
	assert_int_equal(system(command), 0);
	assert_int_equal(run("index", "-q", "-d", of_originals, scratch_path("originals/a.tar.zst"),
			     scratch_path("originals/b.tar.zst"), originals_images, NULL).status, 0);
	return 0;
}

static struct bytes screen_of_originals(const char *directory, const char *keys)
{
	const char *script = scratch_path("o.script");
	struct outcome outcome;

	write_file(script, keys, strlen(keys));
	outcome = run("tui", "--size", "300x60", "--script", script, of_originals, "--originals", directory, NULL);
	assert_int_equal(outcome.status, 0);
	return outcome.out;
}

/* From its row, a row of its tables and one that SQL gives; all of it is there, and Esc comes back. */
static void originals_are_opened(void **state)
{
	(void)state;
	assert_says(screen_of_originals(originals, "keys O\nsave\n"), " coldcase originals.db \u203a a.tar.zst (original)\n");
	assert_says(screen_of_originals(originals, "keys O\nsave\n"), "as it was indexed: ");
	assert_says(screen_of_originals(originals, "keys O Esc\nsave\n"), " coldcase originals.db\n");
	assert_says(screen_of_originals(originals, "keys Down Down O\nsave\n"), " \u203a img (original)\n");
	assert_says(screen_of_originals(originals, "keys Down Enter O\nsave\n"), "\u203a b.tar.zst (original)\n");
	assert_says(screen_of_originals(originals, "type :fd\nkeys Enter G O\nsave\n"), "fds of all \u203a img (original) \u203a 2982 orphan\n");
	assert_says(screen_of_originals(originals, "type :fd\nkeys Enter G O Esc\nsave\n"), "fds of all \u203a img (original)\n");
	assert_says(screen_of_originals(originals, "type :fd\nkeys Enter Enter O\nsave\n"), "fd row 1 \u203a a.tar.zst (original)\n");
	assert_says(screen_of_originals(originals, "type :sql SELECT 2 AS checkpoint\nkeys Enter O\nsave\n"),
		    "sql \u203a b.tar.zst (original)\n");
	assert_says(screen_of_originals(originals, "type :sql SELECT 1 AS checkpoint, 16 AS pid\nkeys Enter O\nsave\n"),
		    "sql \u203a a.tar.zst (original) \u203a 16 shmem-kid\n");
	assert_says(screen_of_originals(originals, "type :sql SELECT 1 AS checkpoint, 77 AS pid\nkeys Enter O\nsave\n"),
		    "sql \u203a a.tar.zst (original)\n");
	assert_says(screen_of_originals(originals, "type :sql SELECT 99 AS checkpoint\nkeys Enter O\nsave\n"),
		    "the index has no checkpoint 99");
	/* Its rows are those of the checkpoint, with bytes to go to; o is its overview, :index the index again. */
	assert_says(screen_of_originals(originals, "keys O\ntype :fd\nkeys Enter\nsave\n"), "1 of 92\n");
	assert_says(screen_of_originals(originals, "keys O\ntype :fd\nkeys Enter x\nsave\n"), "fds \u203a fdinfo-");
	assert_says(screen_of_originals(originals, "keys O\ntype :fd\nkeys Enter o\nsave\n"), "db \u203a a.tar.zst (original)\n");
	assert_says(screen_of_originals(originals, "keys O d\nsave\n"), "\"coldcase tui BEFORE AFTER\" does that");
	assert_says(screen_of_originals(originals, "keys O\ntype :index\nkeys Enter Down O q q\ntype :fd\nkeys Enter\nsave\n"),
		    "db \u203a a.tar.zst (original) \u203a fds\n");
}

/* Only beneath the directory that was named, by where it was or by its name; and only what was indexed. */
static void others_are_not_opened(void **state)
{
	const char *elsewhere = scratch_path("elsewhere"), *a = scratch_path("elsewhere/a.tar.zst");
	struct bytes bytes = read_file("samples/podman.tar.zst");
	char *changed = malloc(bytes.len);
	struct outcome outcome;

	(void)state;
	assert_non_null(changed);
	memcpy(changed, bytes.data, bytes.len);
	changed[bytes.len - 1] ^= 1;
	assert_int_equal(mkdir(elsewhere, 0700), 0);
	write_file(scratch_path("o.script"), "keys O\nsave\n", 12);
	outcome = run("tui", "--script", scratch_path("o.script"), of_originals, NULL);
	assert_says(outcome.out, "start with --originals DIR, beneath which checkpoints are opened:");
	assert_says(screen_of_originals(elsewhere, "keys O\nsave\n"), "not found in ");
	assert_int_equal(symlink(scratch_path("originals/a.tar.zst"), a), 0);
	assert_says(screen_of_originals(elsewhere, "keys O\nsave\n"), "not found in ");
	assert_int_equal(unlink(a), 0);
	assert_int_equal(mkfifo(a, 0600), 0);
	assert_says(screen_of_originals(elsewhere, "keys O\nsave\n"), "not found in ");
	assert_int_equal(unlink(a), 0);
	copy_file("samples/podman.tar.zst", a);
	assert_says(screen_of_originals(elsewhere, "keys O\nsave\n"), "as it was indexed: ");
	write_file(a, changed, bytes.len);
	assert_says(screen_of_originals(elsewhere, "keys O\nsave\n"), "is not what was indexed: its SHA-256 is another one");
	copy_file("samples/cases/net-criu4.2.1.tar.zst", a);
	assert_says(screen_of_originals(elsewhere, "keys O\nsave\n"), "is not what was indexed: it has ");
	write_file(a, "nothing\n", 8);
	assert_says(screen_of_originals(elsewhere, "keys O\nsave\n"), "coldcase originals.db\n");
	assert_int_equal(run("tui", "--script", scratch_path("o.script"), of_originals, "--originals", a, NULL).status, 2);
	outcome = run("tui", "--script", scratch_path("o.script"), "samples/podman.tar.zst", "--originals", elsewhere, NULL);
	assert_int_equal(outcome.status, 2);
	free(changed);
	/* A file more in a directory. */
	write_file(scratch_path("originals/img/more"), "", 0);
	assert_says(screen_of_originals(originals, "keys Down Down O\nsave\n"),
		    "is not what was indexed: its files, or parents that were named, are others");
}

/* What is no index of ours is refused as query refuses it; what is a checkpoint is no index. */
static void others_are_refused(void **state)
{
	const char *path = scratch_path("other.db"), *script = scratch_path("save.script");
	sqlite3 *handle = NULL;

	(void)state;
	write_file(script, "save\n", 5);
	assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, "PRAGMA application_id = 1668247396; CREATE TABLE indexed(id);", NULL, NULL,
				      NULL), SQLITE_OK);
	sqlite3_close(handle);
	assert_int_equal(run("tui", "--script", script, path, NULL).status, 3);
	write_file(script, "type :index\nkeys Enter\nsave\n", 28);
	assert_says(run("tui", "--script", script, "samples/podman.tar.zst", NULL).out, "no index of several");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(screens_of_each_size, make_index),
		cmocka_unit_test(screens_of_ascii),
		cmocka_unit_test(rows_are_those_of_query),
		cmocka_unit_test(order_is_that_of_query),
		cmocka_unit_test(counts_are_those_of_query),
		cmocka_unit_test(rows_are_written),
		cmocka_unit_test(rows_say_where_they_are_from),
		cmocka_unit_test(queries_are_asked),
		cmocka_unit_test(arguments_are_asked_for),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test_setup(originals_are_opened, make_originals),
		cmocka_unit_test(others_are_not_opened),
	};

	return run_all(tests);
}
