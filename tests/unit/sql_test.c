/* SQL over the tables: what comes out, what is refused, what is bounded. */
#include "tests/support/handmade.h"

#include "db/sql/database.h"
#include "db/sql/declare.h"
#include "db/sql/functions.h"
#include "db/tables/render.h"
#include "sandbox/sandbox.h"

static struct checkpoint checkpoints[2];
static struct database *database, *both;

/* --- helpers -------------------------------------------------------------------------------------- */

static struct database *open_over(struct checkpoint *const *list, size_t n, uint64_t steps)
{
	const struct database_options options = { .steps = steps };
	struct database *ret = NULL;

	assert_null(database_open(list, n, &options, &ret));
	return ret;
}

/* The text of the first cell of the first row; "(none)" where there is no row. */
static const char *first(struct database *in, const char *sql)
{
	static char text[4096];
	struct statement *statement = NULL;
	struct error *error = statement_prepare(in, bytes_of(sql), &statement);
	bool has_row = false;
	struct arena arena;

	if (error)
		fail_msg("%s: %s", sql, error->message);
	error = statement_step(statement, &has_row);
	if (error)
		fail_msg("%s: %s", sql, error->message);
	strcpy(text, "(none)");
	arena_init(&arena);
	if (has_row) {
		struct value value;
		struct out out;

		statement_value(statement, 0, &arena, &value);
		out_init(&out, -1);
		render_value(&value, &out);
		snprintf(text, sizeof(text), "%.*s", BYTES_FMT(out_held(&out)));
		out_deinit(&out);
	}
	arena_deinit(&arena);
	statement_free(statement);
	return text;
}

static void gives(const char *sql, const char *wanted)
{
	const char *found = first(database, sql);

	if (strcmp(found, wanted) != 0)
		fail_msg("%s gives %s, not %s", sql, found, wanted);
}

/* Runs a statement to its end; the error is the caller's. */
static struct error *run_all_rows(struct database *in, const char *sql)
{
	struct statement *statement = NULL;
	struct error *error = statement_prepare(in, bytes_of(sql), &statement);
	bool has_row = !error;

	while (!error && has_row)
		error = statement_step(statement, &has_row);
	statement_free(statement);
	return error;
}

static void fails_in(struct database *in, const char *sql, enum error_kind kind, const char *part)
{
	struct error *error = run_all_rows(in, sql);

	if (!error)
		fail_msg("%s is no error", sql);
	if (!strstr(error->message, part))
		fail_msg("%s: \"%s\" does not say \"%s\"", sql, error->message, part);
	assert_int_equal(error->kind, kind);
	error_free(error);
}

static void is_refused(const char *sql, const char *part)
{
	fails_in(database, sql, ERROR_USAGE, part);
}

/* The first and the last test: what the others share. */
static void opening(void **state)
{
	struct checkpoint *list[] = { &checkpoints[0], &checkpoints[1] };
	const char *sample = sample_case("tree-criu4.2.1");

	(void)state;
	for (size_t i = 0; i < 2; i++)
		assert_null(checkpoint_open(sample, list[i]));
	database = open_over(list, 1, 0);
	both = open_over(list, 2, 0);
}

static void closing(void **state)
{
	(void)state;
	database_close(database);
	database_close(both);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(checkpoints[i].problems.n, 0);
		checkpoint_close(&checkpoints[i]);
	}
}

/* --- the tables ----------------------------------------------------------------------------------- */

static void every_table_is_there_under_its_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_tables; i++) {
		char sql[256];

		snprintf(sql, sizeof(sql), "SELECT count(*) >= 0 FROM %s", tables[i]->name);
		gives(sql, "1");
		snprintf(sql, sizeof(sql), "SELECT count(*) >= 0 FROM a.%s", tables[i]->name);
		gives(sql, "1");
		snprintf(sql, sizeof(sql), "SELECT count(*) >= 0 FROM main.%s", tables[i]->name);
		gives(sql, "1");
		snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s WHERE 1 = 0 AND (src_image IS NULL OR "
					   "src_entry + src_offset + src_archive_offset)", tables[i]->name);
		gives(sql, "0");
	}
}

/* Not as an eponymous table, which would answer to any schema with the same rows. */
static void the_module_is_no_table(void **state)
{
	(void)state;
	is_refused("SELECT * FROM coldcase", "no such table");
}

static void several_checkpoints_are_schemas(void **state)
{
	(void)state;
	assert_string_equal(first(both, "SELECT (SELECT count(*) FROM a.process) = "
					"(SELECT count(*) FROM b.process)"), "1");
	assert_string_equal(first(both, "SELECT group_concat(DISTINCT checkpoint) FROM every.process"),
			    "a,b");
	assert_string_equal(first(both, "SELECT (SELECT count(*) FROM every.fd) = "
					"2 * (SELECT count(*) FROM a.fd)"), "1");
	assert_string_equal(first(both, "SELECT count(*) FROM every.process WHERE checkpoint = 'c'"), "0");
	for (size_t i = 0; i < n_tables; i++) {
		char sql[128];

		snprintf(sql, sizeof(sql), "SELECT * FROM %s", tables[i]->name);
		fails_in(both, sql, ERROR_USAGE, "which checkpoint's");
		assert_null(table_column(tables[i], "checkpoint"));
	}
}

static void more_than_sqlite_holds_is_told(void **state)
{
	const struct database_options options = { 0 };
	struct checkpoint *list[12];
	struct database *ret = NULL;
	struct error *error;

	(void)state;
	for (size_t i = 0; i < 12; i++)
		list[i] = &checkpoints[0];
	error = database_open(list, 12, &options, &ret);
	assert_non_null(error);
	assert_int_equal(error->kind, ERROR_USAGE);
	assert_non_null(strstr(error->message, "index"));
	error_free(error);
	assert_null(database_open(list, 10, &options, &ret));
	assert_string_equal(first(ret, "SELECT count(DISTINCT checkpoint) FROM every.process"), "10");
	database_close(ret);
}

/* --- comparisons find the same rows, sorted or not ------------------------------------------------ */

/* "+x" keeps SQLite from asking the table for it, so that it compares row by row. */
static void comparisons_find_what_a_scan_finds(void **state)
{
	static const char *const pairs[][2] = {
		{ "vma WHERE pid = 2960", "vma WHERE +pid = 2960" },
		{ "vma WHERE pid = '2960'", "vma WHERE +pid = 2960" },
		{ "vma WHERE pid = 2960.0", "vma WHERE +pid = 2960" },
		{ "vma WHERE pid = 2960.5", "vma WHERE 0" },
		{ "vma WHERE pid = 'x'", "vma WHERE 0" },
		{ "vma WHERE pid = x'31'", "vma WHERE 0" },
		{ "vma WHERE pid = NULL", "vma WHERE 0" },
		{ "vma WHERE pid IN (2960, 2963, 3)", "vma WHERE +pid IN (2960, 2963, 3)" },
		{ "vma WHERE start >= 0 AND start < 0x500000", "vma WHERE +start >= 0 AND +start < 0x500000" },
		{ "vma WHERE start < 0", "vma WHERE +start < 0" },
		{ "vma WHERE start > 4194303.5", "vma WHERE +start > 4194303.5" },
		{ "vma WHERE start > 'a'", "vma WHERE +start > 'a'" },
		{ "vma WHERE start <= (SELECT max(start) FROM vma)", "vma" },
		{ "vma WHERE start < (SELECT max(start) FROM vma) AND pid = 2960",
		  "vma WHERE +start < (SELECT max(start) FROM vma) AND +pid = 2960" },
		{ "vma WHERE prot = 'rw-p' AND kind = 'anon' AND pid = 2960",
		  "vma WHERE +prot = 'rw-p' AND +kind = 'anon' AND +pid = 2960" },
		{ "vma WHERE prot = 'RW-P' COLLATE NOCASE", "vma WHERE prot = 'rw-p'" },
		{ "vma WHERE prot = x'72772d70'", "vma WHERE 0" },
		{ "file WHERE path = ''", "file WHERE +path = ''" },
		{ "vma WHERE path IS NULL", "vma WHERE +path IS NULL" },
		{ "vma v JOIN file f ON v.path = f.path", "vma v JOIN file f ON +v.path = +f.path" },
		{ "vma v JOIN fd ON v.pid = fd.pid", "vma v JOIN fd ON +v.pid = +fd.pid" },
		{ "process p JOIN process q ON p.comm = q.pid", "process p JOIN process q ON +p.comm = +q.pid" },
		{ "env e JOIN process p ON e.pid = p.pid AND e.name = p.comm",
		  "env e JOIN process p ON +e.pid = +p.pid AND +e.name = +p.comm" },
		{ "page_run r JOIN vma v ON r.pid = v.pid AND r.address >= v.start AND r.address < v.end",
		  "page_run r JOIN vma v ON +r.pid = +v.pid AND +r.address >= +v.start AND "
		  "+r.address < +v.end" },
		{ "vma WHERE src_offset = (SELECT min(src_offset) FROM vma)",
		  "vma WHERE +src_offset = (SELECT min(src_offset) FROM vma)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		char sql[1024], wanted[64];

		snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", pairs[i][1]);
		snprintf(wanted, sizeof(wanted), "%s", first(database, sql));
		snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", pairs[i][0]);
		gives(sql, wanted);
	}
}

/* --- the guard ------------------------------------------------------------------------------------ */

static void nothing_but_reading_is_allowed(void **state)
{
	static const char *const statements[][2] = {
		{ "ATTACH '/tmp/x' AS x", "ATTACH" },
		{ "DETACH a", "not allowed" },
		{ "PRAGMA database_list", "PRAGMA" },
		{ "PRAGMA writable_schema = 1", "PRAGMA" },
		{ "SELECT * FROM pragma_database_list", "not allowed" },
		{ "SELECT * FROM pragma_table_info('process')", "not allowed" },
		{ "CREATE TABLE x(a)", "not allowed" },
		{ "CREATE TEMP TABLE x(a)", "not allowed" },
		{ "CREATE TEMP VIEW x AS SELECT 1", "not allowed" },
		{ "CREATE VIRTUAL TABLE x USING fts5(a)", "not allowed" },
		{ "CREATE TEMP TRIGGER x AFTER INSERT ON process BEGIN SELECT 1; END", "" },
		{ "INSERT INTO process(pid) VALUES (1)", "" },
		{ "UPDATE process SET pid = 1", "" },
		{ "DELETE FROM process", "" },
		{ "DELETE FROM sqlite_schema", "" },
		{ "DROP TABLE process", "" },
		{ "ALTER TABLE process RENAME TO x", "" },
		{ "VACUUM", "" },
		{ "VACUUM INTO '/tmp/x'", "" },
		{ "REINDEX", "" },
		{ "ANALYZE", "not allowed" },
		{ "BEGIN", "not allowed" },
		{ "SAVEPOINT x", "not allowed" },
		{ "SELECT load_extension('x')", "not allowed" },
		{ "SELECT readfile('/etc/passwd')", "no such function" },
		{ "SELECT writefile('/tmp/x', 'y')", "no such function" },
		{ "SELECT fts3_tokenizer('simple')", "" },
		{ "SELECT randomblob(10)", "not allowed" },
		{ "SELECT random()", "not allowed" },
		{ "SELECT zeroblob(1000)", "not allowed" },
		{ "SELECT sqlite_version()", "not allowed" },
		{ "SELECT changes()", "not allowed" },
		{ "SELECT * FROM dbstat", "" },
		{ "SELECT count(*) FROM dbstat", "" },
		{ "SELECT * FROM sqlite_dbpage", "" },
		{ "SELECT * FROM sqlite_stmt", "" },
		{ "SELECT count(*) FROM pragma_database_list", "not allowed" },
		{ "SELECT * FROM bytecode('SELECT 1')", "" },
		{ "SELECT * FROM fts3tokenize", "" },
		{ "SELECT * FROM generate_series(1, 10)", "" },
		{ "SELECT * FROM carray", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
		is_refused(statements[i][0], statements[i][1]);
}

static void reading_is_allowed(void **state)
{
	(void)state;
	gives("WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < 10) "
	      "SELECT sum(x) FROM n", "55");
	gives("SELECT count(*) FROM (SELECT DISTINCT pid FROM fd)",
	      first(database, "SELECT count(DISTINCT pid) FROM fd"));
	gives("SELECT count(*) > 40 FROM sqlite_schema", "1");
	gives("SELECT value FROM json_each('[7]')", "7");
	gives("SELECT max(n) FROM (SELECT row_number() OVER (ORDER BY pid) AS n FROM process)",
	      first(database, "SELECT count(*) FROM process"));
	gives("SELECT 'a' LIKE 'A', 1 -- and no more", "1");
	gives("VALUES (3);", "3");
	gives(" /* nothing */ SELECT 4; -- at all\n", "4");
}

static void one_statement_at_a_time(void **state)
{
	(void)state;
	is_refused("SELECT 1; SELECT 2", "one SELECT at a time");
	is_refused("SELECT 1; DROP TABLE process", "one SELECT at a time");
	is_refused("", "no statement");
	is_refused(" -- nothing", "no statement");
}

static void a_mistake_is_told_with_its_place(void **state)
{
	(void)state;
	is_refused("SELECT pidd FROM fd", "at character 8");
	is_refused("SELECT pidd FROM fd", "did you mean \"pid\"?");
	is_refused("SELECT pid FROM proces", "did you mean \"process\"?");
	is_refused("SELECT pid FROM fds", "did you mean \"fd\"?");
	is_refused("SELECT fd.pidd FROM fd", "did you mean \"pid\"?");
	is_refused("SELECT entrophy('a')", "did you mean \"entropy\"?");
	is_refused("SELECT pid FROM fd WHERE type = \"reg\"", "single quotes");
	is_refused("SELECT pid FROM fd WHERE", "incomplete input");
	is_refused("SELEC pid FROM fd", "syntax error");
}

/* --- limits --------------------------------------------------------------------------------------- */

static void a_statement_has_a_budget(void **state)
{
	struct checkpoint *list[] = { &checkpoints[0] };
	struct database *small = open_over(list, 1, 100000);
	double start = seconds();

	(void)state;
	fails_in(small, "SELECT count(*) FROM vma a, vma b, vma c, vma d", ERROR_LIMIT, "100000 steps");
	fails_in(small, "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n) "
			"SELECT count(*) FROM n", ERROR_LIMIT, "100000 steps");
	assert_true(seconds() - start < 5);
	/* The next one has all of it again. */
	assert_string_equal(first(small, "SELECT 1"), "1");
	database_close(small);
}

static void memory_and_sizes_have_limits(void **state)
{
	(void)state;
	fails_in(database, "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < 1000) "
			   "SELECT group_concat(printf('%100000d', x)) FROM n", ERROR_LIMIT, "larger");
	if (!sandbox_support().sanitized) /* with one it takes minutes */
		fails_in(database, "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < 1000) "
				   "SELECT count(*) FROM (SELECT DISTINCT printf('%1000000d', x) FROM n)",
			 ERROR_LIMIT, "MiB of memory");
	is_refused("SELECT ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("
		   "1", "");
}

/* --- functions ------------------------------------------------------------------------------------ */

static void functions_do_what_they_say(void **state)
{
	(void)state;
	gives("SELECT hex_addr(-1)", "0xffffffffffffffff");
	gives("SELECT hex_addr(4096)", "0x1000");
	gives("SELECT hex_addr(NULL)", "-");
	gives("SELECT human_size(1536)", "1.5 KiB");
	gives("SELECT human_size(0)", "0 B");
	/* sha256sum of nothing, and of "abc" (FIPS 180-2) */
	gives("SELECT sha256('')", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	gives("SELECT sha256(x'616263')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	gives("SELECT sha256(NULL)", "-");
	gives("SELECT entropy('aaaa')", "0");
	gives("SELECT entropy('abab')", "1");
	gives("SELECT entropy(x'0001020304050607')", "3");
	gives("SELECT entropy('')", "-");
}

static void networks_match(void **state)
{
	(void)state;
	gives("SELECT cidr_match('10.1.2.3', '10.0.0.0/8')", "1");
	gives("SELECT cidr_match('11.1.2.3', '10.0.0.0/8')", "0");
	gives("SELECT cidr_match('10.1.2.3', '10.1.2.2/31')", "1");
	gives("SELECT cidr_match('10.1.2.4', '10.1.2.2/31')", "0");
	gives("SELECT cidr_match('10.1.2.3', '10.1.2.3')", "1");
	gives("SELECT cidr_match('1.2.3.4', '0.0.0.0/0')", "1");
	gives("SELECT cidr_match('fd00::1', '0.0.0.0/0')", "0");
	gives("SELECT cidr_match('::ffff:10.1.2.3', '10.0.0.0/8')", "1");
	gives("SELECT cidr_match('10.1.2.3', '::ffff:10.0.0.0/104')", "1");
	gives("SELECT cidr_match('fe80::1', 'fe80::/10')", "1");
	gives("SELECT cidr_match('fec0::1', 'fe80::/10')", "0");
	gives("SELECT cidr_match('/run/x.sock', '::/0')", "0");
	gives("SELECT cidr_match(NULL, '::/0')", "-");
	is_refused("SELECT cidr_match('1.2.3.4', '10.0.0.0/33')", "is no network");
	is_refused("SELECT cidr_match('1.2.3.4', '10.0.0/8')", "is no network");
	is_refused("SELECT cidr_match('1.2.3.4', '10.0.0.0/')", "is no network");
}

static void expressions_match(void **state)
{
	(void)state;
	gives("SELECT 'redis-server' REGEXP '^redis'", "1");
	gives("SELECT regexp('^server', 'redis-server')", "0");
	gives("SELECT 'x' REGEXP 'a*'", "1");
	gives("SELECT 'aéb' REGEXP '^a.b$'", "1");
	gives("SELECT x'61c3a962' REGEXP '^a..b$'", "1");
	gives("SELECT NULL REGEXP 'a'", "-");
	gives("SELECT count(*) FROM process WHERE comm REGEXP '.'",
	      first(database, "SELECT count(*) FROM process WHERE comm <> ''"));
	is_refused("SELECT 'x' REGEXP '('", "at character 2 of the pattern");
	is_refused("SELECT 'x' REGEXP '\\C'", "pattern");
	fails_in(database, "SELECT printf('%.*c', 5000, 'a') REGEXP '^(a+)+$b'", ERROR_LIMIT, "steps");
}

static void memory_is_read(void **state)
{
	(void)state;
	/* The stack of the first task has been written to. */
	gives("SELECT length(memory(pid, sp, 16)) FROM thread LIMIT 1", "16");
	gives("SELECT memory_state(pid, sp) FROM thread LIMIT 1", "present");
	gives("SELECT memory((SELECT min(pid) FROM process), 0, 16)", "-");
	gives("SELECT memory_state((SELECT min(pid) FROM process), 0)", "unmapped");
	gives("SELECT memory((SELECT min(pid) FROM process), NULL, 16)", "-");
	is_refused("SELECT memory(4000000, 0, 16)", "no process 4000000");
	is_refused("SELECT memory((SELECT min(pid) FROM process), 0, -1)", "length");
	is_refused("SELECT memory((SELECT min(pid) FROM process), 0, 1 << 40)", "length");
	is_refused("SELECT memory(1, 0, 16, 'z')", "no checkpoint \"z\"");
	fails_in(both, "SELECT memory(1, 0, 16)", ERROR_USAGE, "which checkpoint");
	assert_string_equal(first(both, "SELECT memory(pid, sp, 16, 'a') = memory(pid, sp, 16, 'b') FROM a.thread "
					"LIMIT 1"), "1");
}

static void every_function_has_help(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_sql_functions; i++) {
		assert_true(sql_functions[i].help[0] && sql_functions[i].least <= sql_functions[i].most);
		assert_true(function_is_allowed(sql_functions[i].name));
	}
	assert_false(function_is_allowed("load_extension"));
}

/* --- values --------------------------------------------------------------------------------------- */

static void a_column_keeps_its_type(void **state)
{
	(void)state;
	assert_true(!strncmp(first(database, "SELECT start FROM vma ORDER BY 1 LIMIT 1"), "0x", 2));
	gives("SELECT umask FROM process LIMIT 1", "0022");
	gives("SELECT umask + 0 FROM process LIMIT 1", "18");
	assert_true(strncmp(first(database, "SELECT start + 0 FROM vma LIMIT 1"), "0x", 2) != 0);
	assert_true(!strncmp(first(database, "SELECT s FROM (SELECT start AS s FROM vma) LIMIT 1"), "0x", 2));
	gives("SELECT typeof(start) FROM vma LIMIT 1", "integer");
	gives("SELECT typeof(argv) FROM process WHERE argv IS NOT NULL LIMIT 1", "text");
	gives("SELECT json_valid(argv) FROM process WHERE argv IS NOT NULL LIMIT 1", "1");
	gives("SELECT typeof(deleted) FROM file LIMIT 1", "integer");
	gives("SELECT DISTINCT deleted FROM file WHERE NOT deleted", "no");
	gives("SELECT 1.5", "1.5");
	gives("SELECT x'ff41'", "\\xffA");
	gives("SELECT NULL", "-");
}

static void declarations_are_sql(void **state)
{
	sqlite3 *plain;

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &plain), SQLITE_OK);
	for (size_t i = 0; i < n_tables; i++) {
		struct out out;

		out_init(&out, -1);
		declare_table(tables[i], tables[i]->name, DECLARE_PLAIN, &out);
		out_char(&out, '\0');
		if (sqlite3_exec(plain, out.buffer, NULL, NULL, NULL) != SQLITE_OK)
			fail_msg("%s: %s", out.buffer, sqlite3_errmsg(plain));
		out_deinit(&out);
	}
	sqlite3_close(plain);
}

/* A connection of one's own, with a TEMP view: what rules over an index have. */
static void a_connection_can_be_adopted(void **state)
{
	const struct database_options options = { .steps = 100000 };
	struct database *adopted = NULL;
	sqlite3 *handle;

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, "CREATE TABLE all_fd(id, pid HEX INTEGER); "
					      "INSERT INTO all_fd VALUES (1, 16), (2, 17); "
					      "CREATE TEMP VIEW fd AS SELECT pid FROM all_fd WHERE id = 2",
				      NULL, NULL, NULL), SQLITE_OK);
	assert_null(database_adopt(handle, &options, &adopted));
	assert_string_equal(first(adopted, "SELECT pid FROM fd"), "0x11");
	assert_string_equal(first(adopted, "SELECT human_size(count(*)) FROM fd"), "1 B");
	fails_in(adopted, "DELETE FROM all_fd", ERROR_USAGE, "not allowed");
	fails_in(adopted, "DROP VIEW fd", ERROR_USAGE, "not allowed");
	fails_in(adopted, "SELECT memory(1, 0, 1)", ERROR_USAGE, "no checkpoint");
	database_close(adopted);
}

static void parameters_are_bound(void **state)
{
	struct statement *statement = NULL;
	bool has_row = false;
	struct arena arena;
	struct value value;

	(void)state;
	arena_init(&arena);
	assert_null(statement_prepare(database, BYTES("SELECT pid AS p, ?2 AS t FROM process WHERE pid = ?1 + (SELECT min(pid) FROM process)"),
				      &statement));
	assert_int_equal(statement_parameters(statement), 2);
	assert_int_equal(statement_column(statement, "T"), 1);
	assert_true(statement_column(statement, "x") == SIZE_MAX);
	statement_bind_integer(statement, 1, 0);
	statement_bind_text(statement, 2, BYTES("a\\\\b"));
	for (int i = 0; i < 2; i++) {
		assert_null(statement_step(statement, &has_row));
		assert_true(has_row);
		statement_value(statement, 0, &arena, &value);
		assert_int_equal(value.type, VALUE_UINT);
		statement_value(statement, 1, &arena, &value);
		assert_true(bytes_equal(value.text, BYTES("a\\b")));
		assert_null(statement_step(statement, &has_row));
		assert_false(has_row);
		statement_reset(statement);
	}
	statement_free(statement);
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opening),
		cmocka_unit_test(every_table_is_there_under_its_names),
		cmocka_unit_test(the_module_is_no_table),
		cmocka_unit_test(several_checkpoints_are_schemas),
		cmocka_unit_test(more_than_sqlite_holds_is_told),
		cmocka_unit_test(comparisons_find_what_a_scan_finds),
		cmocka_unit_test(nothing_but_reading_is_allowed),
		cmocka_unit_test(reading_is_allowed),
		cmocka_unit_test(one_statement_at_a_time),
		cmocka_unit_test(a_mistake_is_told_with_its_place),
		cmocka_unit_test(a_statement_has_a_budget),
		cmocka_unit_test(memory_and_sizes_have_limits),
		cmocka_unit_test(functions_do_what_they_say),
		cmocka_unit_test(networks_match),
		cmocka_unit_test(expressions_match),
		cmocka_unit_test(memory_is_read),
		cmocka_unit_test(every_function_has_help),
		cmocka_unit_test(a_column_keeps_its_type),
		cmocka_unit_test(declarations_are_sql),
		cmocka_unit_test(a_connection_can_be_adopted),
		cmocka_unit_test(parameters_are_bound),
		cmocka_unit_test(closing),
	};

	return run_all(tests);
}
