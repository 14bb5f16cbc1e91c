/* The data dictionary, written out: current, complete, and true of what SQL does. */
#include "tests/support/handmade.h"

#include <sqlite3.h>

#include "db/sql/database.h"
#include "db/sql/functions.h"
#include "db/sql/queries.h"
#include "db/tables/targets.h"

static const char *text_of(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	assert_true(json_object_object_get_ex(object, key, &value));
	return json_object_get_string(value);
}

static void the_page_of_tables_is_current(void **state)
{
	struct outcome outcome = run("schema", "--markdown", NULL);
	struct bytes page = read_file("docs/TABLES.md");

	(void)state;
	assert_int_equal(outcome.status, 0);
	if (!bytes_equal(outcome.out, page))
		fail_msg("docs/TABLES.md is not what \"schema --markdown\" prints: make docs");
}

static void keys_lead_somewhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_column_targets; i++) {
		const struct column_target *key = &column_targets[i];
		const struct table *to = table_named(key->to_table);

		if (!to || strcmp(to->name, key->to_table) != 0 || !table_column(to, key->to_column))
			fail_msg("%s refers to %s.%s, which is not there", key->column, key->to_table,
				 key->to_column);
		if (key->table && (!table_named(key->table) ||
				   !table_column(table_named(key->table), key->column)))
			fail_msg("there is no %s.%s", key->table, key->column);
	}
	assert_null(target_of(table_named("process"), table_column(table_named("process"), "pid")));
	assert_non_null(target_of(table_named("fd"), table_column(table_named("fd"), "pid")));
}

static void declarations_load_into_sqlite(void **state)
{
	struct outcome outcome = run("schema", "--sql", NULL);
	sqlite3_stmt *count = NULL;
	sqlite3 *plain = NULL;

	(void)state;
	assert_int_equal(outcome.status, 0);
	assert_int_equal(sqlite3_open(":memory:", &plain), SQLITE_OK);
	if (sqlite3_exec(plain, (const char *)outcome.out.data, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(plain));
	sqlite3_prepare_v2(plain, "SELECT count(*) FROM sqlite_schema", -1, &count, NULL);
	assert_int_equal(sqlite3_step(count), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int64(count, 0), n_tables);
	sqlite3_finalize(count);
	sqlite3_close(plain);
}

static void json_has_all_of_it(void **state)
{
	struct json_object *root = run_json(0, "schema", "--json", NULL), *list = NULL;

	(void)state;
	assert_true(json_object_object_get_ex(root, "tables", &list));
	assert_int_equal(json_object_array_length(list), n_tables);
	for (size_t i = 0; i < n_tables; i++) {
		struct json_object *table = json_object_array_get_idx(list, i), *columns = NULL;

		assert_string_equal(text_of(table, "name"), tables[i]->name);
		assert_true(json_object_object_get_ex(table, "columns", &columns));
		assert_int_equal(json_object_array_length(columns), tables[i]->n_columns + 4);
	}
	assert_true(json_object_object_get_ex(root, "functions", &list));
	assert_int_equal(json_object_array_length(list), n_sql_functions);
	assert_true(json_object_object_get_ex(root, "queries", &list));
	assert_int_equal(json_object_array_length(list), n_named_queries);
	json_object_put(root);
}

static void one_table_is_described_alone(void **state)
{
	struct outcome outcome = run("schema", "fds", NULL);

	(void)state;
	assert_int_equal(outcome.status, 0);
	assert_non_null(strstr((const char *)outcome.out.data, "CREATE TABLE fd ("));
	assert_null(strstr((const char *)outcome.out.data, "CREATE TABLE file ("));
	assert_int_equal(run("schema", "fdd", NULL).status, 2);
}

/* Values that all queries with arguments take, whatever they find. */
static const char *value_of(const struct named_query *query)
{
	return !query->n_arguments ? NULL : !strcmp(query->arguments, "ADDRESS") ? "127.0.0.0/8" : "1";
}

/* The status; what is printed where it is 0 is one JSON array. */
static int run_named(const char *name, const char *one, const char *other, const char *value)
{
	const char *words[12] = { "query", "--format", "json", "--name", name };
	struct outcome outcome;
	size_t n = 5;

	if (value) {
		words[n++] = "--arg";
		words[n++] = value;
	}
	words[n++] = one;
	words[n] = other;
	outcome = run_words(words);
	if (outcome.status == 0) {
		struct json_object *rows = json_parse(outcome.out);

		assert_true(json_object_is_type(rows, json_type_array));
		json_object_put(rows);
	}
	return outcome.status;
}

/* A listing, of rows or of none, is one JSON array. */
static void a_listing_is_one_array(void **state)
{
	const char *sample = sample_case("fds-criu4.2.1");
	size_t n_empty = 0;

	(void)state;
	for (size_t i = 0; i < n_tables; i++) {
		struct json_object *rows = run_json(0, "list", tables[i]->name, sample, "--format", "json", NULL);

		assert_true(json_object_is_type(rows, json_type_array));
		n_empty += json_object_array_length(rows) == 0;
		json_object_put(rows);
	}
	assert_in_range(n_empty, 1, n_tables - 20);
}

/* Each runs over what it says: one checkpoint and several, an index, or both. */
static void queries_that_are_made_already_run(void **state)
{
	const char *sample = sample_case("fds-criu4.2.1"), *index = scratch_path("index.db");

	(void)state;
	assert_int_equal(run("index", "-d", index, sample, "--pages", NULL).status, 0);
	assert_true(n_named_queries >= 10);
	for (size_t i = 0; i < n_named_queries; i++) {
		const struct named_query *query = &named_queries[i];
		bool wants_two = query->over == QUERY_OVER_TWO;
		bool of_index = query->over != QUERY_OVER_CHECKPOINTS && !wants_two;
		bool of_others = query->over != QUERY_OVER_INDEX && query->over != QUERY_OVER_PAGES;
		const char *value = value_of(query);

		assert_true(query->title[0] != '\0' && query->title[0] != '-');
		assert_int_equal(run_named(query->name, sample, NULL, value), of_others && !wants_two ? 0 : 2);
		assert_int_equal(run_named(query->name, sample, sample, value), of_others ? 0 : 2);
		assert_int_equal(run_named(query->name, index, NULL, value), of_index ? 0 : 2);
		assert_int_equal(run_named(query->name, index, sample, value), 2);
		assert_int_equal(run_named(query->name, index, NULL, value ? NULL : "1"), 2);
	}
	assert_int_equal(run("query", sample, "--name", "deleted-opn", NULL).status, 2);
	assert_non_null(strstr((const char *)run("query", sample, "--name", "deleted-opn", NULL).err.data,
			       "did you mean \"deleted-open\"?"));
}

static void assert_query_says(struct outcome outcome, int status, const char *words)
{
	assert_int_equal(outcome.status, status);
	if (!strstr((const char *)outcome.err.data, words))
		fail_msg("\"%s\" is not in \"%s\"", words, (const char *)outcome.err.data);
}

/* What is in the way is told: no file, one checkpoint in place of two, an index in which nobody put pages. */
static void what_they_need_is_told(void **state)
{
	const char *sample = sample_case("fds-criu4.2.1"), *plain = scratch_path("plain.db");
	struct outcome outcome;

	(void)state;
	assert_query_says(run("query", scratch_path("nosuch.db"), "--name", "trend", NULL), 3, "cannot open");
	assert_query_says(run("query", sample, "--name", "trend", NULL), 2, "\"trend\" asks an index");
	assert_query_says(run("query", sample, "--name", "grown", NULL), 2, "\"grown\" takes two checkpoints");
	assert_query_says(run("query", sample, "SELECT 1 FROM b.process", NULL), 2,
			  "no such table: b.process; a is the schema of the first checkpoint");
	assert_int_equal(run("index", "-d", plain, sample, NULL).status, 0);
	assert_query_says(run("query", plain, "--name", "shared-pages", NULL), 0, "no hashes of pages are in it");
	assert_query_says(run("query", plain, "--name", "like", "--arg", "1", NULL), 0, "no hashes of pages are in it");
	outcome = run("query", plain, "--name", "trend", NULL);
	assert_int_equal(outcome.status, 0);
	assert_int_equal(outcome.err.len, 0);
	outcome = run("query", scratch_path("index.db"), "--name", "shared-pages", NULL);
	assert_int_equal(outcome.status, 0);
	assert_int_equal(outcome.err.len, 0);
}

static void they_are_listed(void **state)
{
	struct json_object *rows = run_json(0, "query", "--list", "--format", "json", NULL);

	(void)state;
	assert_int_equal(json_object_array_length(rows), n_named_queries);
	assert_non_null(strstr(text_of(json_object_array_get_idx(rows, 0), "sql"), "SELECT"));
	json_object_put(rows);
	rows = run_json(0, "query", "--functions", "--format", "json", NULL);
	assert_int_equal(json_object_array_length(rows), n_sql_functions);
	json_object_put(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_of_tables_is_current),
		cmocka_unit_test(keys_lead_somewhere),
		cmocka_unit_test(declarations_load_into_sqlite),
		cmocka_unit_test(json_has_all_of_it),
		cmocka_unit_test(one_table_is_described_alone),
		cmocka_unit_test(a_listing_is_one_array),
		cmocka_unit_test(queries_that_are_made_already_run),
		cmocka_unit_test(what_they_need_is_told),
		cmocka_unit_test(they_are_listed),
	};

	return run_all(tests);
}
