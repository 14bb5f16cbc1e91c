/*
 * An index against the truth, through SQLite's own shell, which knows nothing of coldcase: what truth_test asks of the
 * listings is asked of tables of the file. Only how a value is spelled is put back: in SQL an address is a number, a
 * boolean 0 or 1, a list the text of it.
 */
#include "tests/interop/corpus.h"
#include "tests/interop/truth_engine.h"
#include "tests/interop/truth_fd.h"
#include "tests/interop/truth_process.h"
#include "tests/interop/truth_rootfs.h"
#include "tests/interop/truth_socket.h"
#include "tests/interop/truth_vma.h"

#define json_bool coldcase_json_bool
#include "db/tables/listing.h"
#undef json_bool

/* --- spelling --------------------------------------------------------------------------------------------- */

static struct json_object *spelled(struct json_object *value, enum value_type type)
{
	if (!value)
		return NULL;
	if (type == VALUE_HEX || type == VALUE_OCTAL)
		return json_object_new_string(make_text("0x%" PRIx64, (uint64_t)json_object_get_int64(value)));
	if (type == VALUE_BOOL)
		return json_object_new_boolean(json_object_get_int64(value) != 0);
	if (type == VALUE_UINT)
		return json_object_new_uint64((uint64_t)json_object_get_int64(value));
	if (type == VALUE_STRINGS || type == VALUE_NUMBERS)
		return json_parse(bytes_of(json_object_get_string(value)));
	return json_object_get(value);
}

static void spell_row(const struct table *table, struct json_object *row)
{
	for (size_t i = 0; i < table->n_columns; i++) {
		const struct column *column = &table->columns[i];

		if (json_object_object_get_ex(row, column->name, NULL))
			json_object_object_add(row, column->name, spelled(member(row, column->name), column_type(column)));
		else
			differs("there is no column %s", column->name);
	}
}

/* --- the shell ---------------------------------------------------------------------------------------------- */

static const char *index_of(const struct case_files *files)
{
	const char *path = scratch_path("%s.db", files->name);

	if (!is_there(path)) {
		int status = run("index", "-q", "-d", path, "--reveal", files->checkpoint, NULL).status;

		if (status != (strstr(files->directory, "-trailing-") ? 4 : 0) && status != 4)
			fail_msg("index of %s: status %d", files->name, status);
	}
	return path;
}

static struct json_object *ask_shell(const char *database, const char *sql)
{
	const char *result = scratch_path("shell.json");
	struct bytes text;

	if (system(make_text("sqlite3 -readonly -json '%s' '%s' >'%s'", database, sql, result)) != 0)
		fail_msg("sqlite3 %s '%s' failed", database, sql);
	text = read_file(result);
	return text.len ? json_file(result) : json_object_new_array(); /* of no rows it prints nothing */
}

static struct json_object *rows_of_index(const char *name, const struct case_files *files)
{
	const struct table *table = table_named(name);
	struct json_object *rows, *row;

	assert_non_null(table);
	rows = ask_shell(index_of(files), make_text("SELECT * FROM \"%s\" ORDER BY rowid", table->name));
	EACH(row, rows)
		spell_row(table, row);
	return rows;
}

static void there_is_no_shell(void **state)
{
	(void)state;
	printf("SKIPPED: indexes are not held against the truth: there is no sqlite3 shell\n");
	skip();
}

int main(void)
{
	static const struct subject subjects[] = {
		{ "checkpoint", checkpoint_is_known, enough_checkpoints_were_compared },
		{ "processes", processes_are_true, enough_processes_were_compared },
		{ "descriptors", descriptors_are_true, enough_descriptors_were_compared },
		{ "sockets", sockets_are_true, enough_sockets_were_compared },
		{ "mappings", mappings_are_true, enough_mappings_were_compared },
		{ "changed files", changes_are_true, enough_changes_were_compared },
		{ "the engine's difference", engine_diff_is_true, NULL },
	};
	const struct CMUnitTest without[] = { cmocka_unit_test(there_is_no_shell) };

	if (system("command -v sqlite3 >/dev/null 2>&1") != 0)
		return run_all(without);
	rows_otherwise = rows_of_index;
	return run_over_cases("index", subjects, ARRAY_SIZE(subjects));
}
