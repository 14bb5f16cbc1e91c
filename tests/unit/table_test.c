/* Tables and their listings: every form says the same, and says it right. */
#include "tests/support/handmade.h"

#include <stdlib.h>

#include "db/tables/render.h"

/* --- the descriptions ------------------------------------------------------------------------- */

static void a_table_is_found_by_both_its_names(void **state)
{
	(void)state;
	assert_true(n_tables >= 11);
	for (size_t i = 0; i < n_tables; i++) {
		assert_ptr_equal(table_named(tables[i]->name), tables[i]);
		if (tables[i]->plural)
			assert_ptr_equal(table_named(tables[i]->plural), tables[i]);
	}
	assert_null(table_named(""));
	assert_null(table_named("proces"));
}

static void every_table_and_column_has_help(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_tables; i++) {
		assert_true(tables[i]->help && tables[i]->help[0]);
		assert_true(tables[i]->n_columns > 0);
		for (size_t k = 0; k < tables[i]->n_columns; k++) {
			const struct column *column = &tables[i]->columns[k];

			if (!column->help || !column->help[0])
				fail_msg("%s.%s has no help", tables[i]->name, column->name);
			assert_int_equal(column->store == STORE_COMPUTED, column->get != NULL);
		}
	}
}

static void column_names_are_unique_in_their_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_tables; i++)
		for (size_t k = 0; k < tables[i]->n_columns; k++) {
			const char *name = tables[i]->columns[k].name;

			assert_ptr_equal(table_column(tables[i], name), &tables[i]->columns[k]);
			assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789"),
					 strlen(name));
			assert_true(strncmp(name, "src_", 4) != 0); /* those are provenance */
		}
	assert_null(table_column(tables[0], "no such column"));
}

static void the_columns_that_scripts_rely_on_are_there(void **state)
{
	static const char *const promised[][2] = {
		{ "process", "pid ppid pgid sid comm exe exe_file_id argv state threads uid gid" },
		{ "fd", "pid fd type file_id flags pos path" },
		{ "file", "id type path flags pos mode size deleted" },
		{ "socket", "id family type proto state local_addr local_port remote_addr remote_port "
			    "peer_inside inq_bytes outq_bytes unsent_bytes ino pids peer_pid options" },
		{ "vma", "pid start end prot flags kind path file_id pgoff pages_present pages_parent "
			 "pages_lazy pages_absent dirty_text" },
		{ "rootfs", "path change" },
		{ "mount", "ns_id mnt_id parent_id mountpoint fstype source options ext_key" },
		{ "env", "pid name value" },
		{ "checkpoint", "producer wrapped container pod namespace image created checkpointed "
				"engine runtime criu_version arch" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(promised) / sizeof(promised[0]); i++) {
		const struct table *table = table_named(promised[i][0]);
		char names[512], *save = NULL;

		assert_non_null(table);
		assert_true(strlen(promised[i][1]) < sizeof(names));
		strcpy(names, promised[i][1]);
		for (char *name = strtok_r(names, " ", &save); name; name = strtok_r(NULL, " ", &save))
			if (!table_column(table, name))
				fail_msg("%s has no column %s", table->name, name);
	}
}

/* --- cells ------------------------------------------------------------------------------------ */

static void assert_cell(struct value value, const char *text, const char *wanted_json)
{
	struct json json;
	struct out out;

	out_init(&out, -1);
	render_value(&value, &out);
	assert_true(bytes_equal(out_held(&out), bytes_of(text)));
	out_clear(&out);
	json_init(&json, &out, JSON_ONE_LINE);
	render_value_json(&value, &json);
	assert_true(bytes_equal(out_held(&out), bytes_of(wanted_json)));
	out_deinit(&out);
}

static void a_cell_is_shown_by_its_type(void **state)
{
	static const uint32_t numbers[] = { 1, 0, UINT32_MAX };
	struct value list = { .type = VALUE_NUMBERS, .numbers = { numbers, 3 } };

	(void)state;
	assert_cell((struct value){ .type = VALUE_NULL }, "-", "null");
	assert_cell((struct value){ .type = VALUE_BOOL, .boolean = true }, "yes", "true");
	assert_cell((struct value){ .type = VALUE_INT, .integer = INT64_MIN }, "-9223372036854775808",
		    "-9223372036854775808");
	assert_cell(value_number(VALUE_UINT, UINT64_MAX), "18446744073709551615",
		    "18446744073709551615");
	assert_cell(value_number(VALUE_HEX, 0xfff), "0xfff", "\"0xfff\"");
	assert_cell(value_number(VALUE_OCTAL, 0), "0000", "\"0x0\"");
	assert_cell(value_number(VALUE_OCTAL, 0644), "0644", "\"0x1a4\"");
	assert_cell(value_number(VALUE_OCTAL, 0104755), "0104755", "\"0x89ed\"");
	assert_cell(value_text(BYTES("a\n\xff")), "a\\x0a\\xff", "\"a\\n\\\\xff\"");
	assert_cell(value_text(BYTES("")), "", "\"\"");
	assert_cell(value_text(NO_BYTES), "-", "null");
	assert_cell(list, "1,0,4294967295", "[1, 0, 4294967295]");
}

static void a_list_of_strings_is_shown_item_by_item(void **state)
{
	struct value list = { .type = VALUE_STRINGS, .text = BYTES("a\0b c\0\0d\0") };
	struct value unended = { .type = VALUE_STRINGS, .text = BYTES("a\0b") };
	struct value empty = { .type = VALUE_STRINGS, .text = BYTES("") };

	(void)state;
	assert_cell(list, "a 'b c' '' d", "[\"a\", \"b c\", \"\", \"d\"]");
	assert_cell(unended, "a b", "[\"a\", \"b\"]");
	assert_cell(empty, "", "[]");
}

/* --- listings --------------------------------------------------------------------------------- */

/* Two tasks: 1 "init", 12345 "a,b". */
static const char *two_tasks(void)
{
	struct out pstree;

	write_inventory("two");
	out_init(&pstree, -1);
	put_magic(&pstree, MAGIC_PSTREE);
	put_pstree(&pstree, 1, 0);
	put_pstree(&pstree, 12345, 1);
	write_image("two", "pstree.img", &pstree);
	write_core("two", 1, BYTES("init"));
	write_core("two", 12345, BYTES("=a,b"));
	out_deinit(&pstree);
	return scratch_path("two");
}

static void assert_output(struct outcome outcome, const char *wanted)
{
	assert_int_equal(outcome.status, 0);
	assert_string_equal((const char *)outcome.out.data, wanted);
	assert_int_equal(outcome.err.len, 0);
}

static void text_stands_in_columns_numbers_to_the_right(void **state)
{
	(void)state;
	assert_output(run("list", "process", two_tasks(), "-c", "pid,comm,ppid,state", NULL),
		      "  PID  COMM  PPID  STATE\n"
		      "    1  init     0  alive\n"
		      "12345  =a,b     1  alive\n");
}

static void a_table_is_a_command_by_its_short_name(void **state)
{
	const char *path = two_tasks();

	(void)state;
	assert_output(run("process", path, "-c", "pid", NULL), "  PID\n    1\n12345\n");
	assert_int_equal(run("fds", path, NULL).status, 0);
}

static void null_is_a_dash_in_text_and_null_in_json(void **state)
{
	struct json_object *rows, *value = NULL;

	(void)state;
	assert_output(run("list", "process", two_tasks(), "-c", "exe", NULL), "EXE\n-\n-\n");
	rows = run_json(0, "list", "process", two_tasks(), "-c", "exe", "-f", "json", NULL);
	assert_int_equal(json_object_array_length(rows), 2);
	assert_true(json_object_object_get_ex(json_object_array_get_idx(rows, 0), "exe", &value));
	assert_null(value);
	json_object_put(rows);
}

static void json_is_an_array_of_objects(void **state)
{
	(void)state;
	assert_output(run("list", "process", two_tasks(), "-c", "comm,pid", "-f", "json", NULL),
		      "[\n{\"comm\": \"init\", \"pid\": 1},\n{\"comm\": \"=a,b\", \"pid\": 12345}\n]\n");
	assert_output(run("list", "mount", two_tasks(), "-f", "json", NULL), "[]\n");
}

static void jsonl_is_an_object_a_line(void **state)
{
	(void)state;
	assert_output(run("list", "process", two_tasks(), "-c", "comm,pid", "-f", "jsonl", NULL),
		      "{\"comm\": \"init\", \"pid\": 1}\n{\"comm\": \"=a,b\", \"pid\": 12345}\n");
	assert_output(run("list", "mount", two_tasks(), "-f", "jsonl", NULL), "");
}

static void csv_has_a_header_and_no_formulas(void **state)
{
	(void)state;
	assert_output(run("list", "process", two_tasks(), "-c", "pid,comm,exe", "-f", "csv", NULL),
		      "pid,comm,exe\r\n1,init,\r\n12345,\"'=a,b\",\r\n");
}

static void provenance_says_where_a_row_is_from(void **state)
{
	(void)state;
	/* The second entry: behind 8 bytes of magics, and one of 4 + 10. */
	assert_output(run("list", "process", two_tasks(), "-c", "pid", "--provenance", "-f", "json",
			  NULL),
		      "[\n{\"pid\": 1, \"src_image\": \"pstree.img\", \"src_entry\": 0, "
		      "\"src_offset\": \"0x8\", \"src_archive_offset\": null},\n"
		      "{\"pid\": 12345, \"src_image\": \"pstree.img\", \"src_entry\": 1, "
		      "\"src_offset\": \"0x16\", \"src_archive_offset\": null}\n]\n");
}

static void provenance_in_a_tar_leads_to_the_bytes(void **state)
{
	const char *path = scratch_path("two.tar");
	struct json_object *rows, *row, *offset = NULL;
	struct bytes archive;
	uint64_t at;

	(void)state;
	pack_directory(path, NULL, two_tasks(), "");
	archive = read_file(path);
	rows = run_json(0, "list", "process", path, "--provenance", "-f", "json", NULL);
	row = json_object_array_get_idx(rows, 1);
	assert_true(json_object_object_get_ex(row, "src_archive_offset", &offset));
	at = strtoull(json_object_get_string(offset), NULL, 16);
	/* a size of 14, then pid 12345 as 08 b9 60 */
	assert_memory_equal(archive.data + at, "\x0e\0\0\0\x08\xb9\x60", 7);
	json_object_put(rows);
}

static void rows_are_sorted_as_asked(void **state)
{
	(void)state;
	assert_output(run("list", "process", two_tasks(), "-c", "pid", "-s", "-pid", NULL),
		      "  PID\n12345\n    1\n");
	assert_output(run("list", "process", two_tasks(), "-c", "pid", "-s", "comm", NULL),
		      "  PID\n12345\n    1\n");
	assert_output(run("list", "process", two_tasks(), "-c", "pid", "-s", "state,-ppid", NULL),
		      "  PID\n12345\n    1\n");
}

static void rows_of_a_process_are_chosen(void **state)
{
	(void)state;
	assert_output(run("list", "process", two_tasks(), "-c", "pid", "-p", "12345", NULL),
		      "  PID\n12345\n");
	assert_output(run("list", "process", two_tasks(), "-c", "pid", "-p", "1,12345", NULL),
		      "  PID\n    1\n12345\n");
}

static void assert_usage(struct outcome outcome, const char *words)
{
	assert_int_equal(outcome.status, 2);
	assert_int_equal(outcome.out.len, 0);
	if (!strstr((const char *)outcome.err.data, words))
		fail_msg("\"%s\" does not say \"%s\"", (const char *)outcome.err.data, words);
}

static void columns_that_are_not_there_are_refused(void **state)
{
	const char *path = two_tasks();

	(void)state;
	assert_usage(run("list", "process", path, "-c", "pid,nonsense", NULL), "nonsense");
	assert_usage(run("list", "process", path, "-c", "", NULL), "");
	assert_usage(run("list", "process", path, "-c", "pid,", NULL), "");
	assert_usage(run("list", "process", path, "-c", "PID", NULL), "PID");
	assert_usage(run("list", "process", path, "-s", "nonsense", NULL), "nonsense");
	assert_usage(run("list", "process", path, "-p", "one", NULL), "one");
	assert_usage(run("list", "process", path, "-p", "", NULL), "");
	assert_usage(run("list", "process", path, "-p", "4294967296", NULL), "4294967296");
	assert_usage(run("list", "nonsense", path, NULL), "nonsense");
}

/* An object with a key twice is no JSON that anyone can rely on. */
static void a_column_asked_for_twice_is_refused(void **state)
{
	(void)state;
	assert_usage(run("list", "process", two_tasks(), "-c", "pid,comm,pid", NULL), "pid");
}

static void ps_in_json_is_the_table_of_processes(void **state)
{
	struct json_object *ps = run_json(0, "ps", two_tasks(), "-f", "json", NULL);
	struct json_object *list = run_json(0, "list", "process", two_tasks(), "-f", "json", NULL);
	const char *where;

	(void)state;
	assert_true(json_same(ps, list, &where));
	assert_int_equal(json_object_array_length(ps), 2);
	json_object_put(ps);
	json_object_put(list);
}

static void a_process_that_is_not_there_is_named(void **state)
{
	const char *checkpoint = sample_case("fds-criu4.2.1");
	struct outcome outcome;

	(void)state;
	outcome = run("fds", "-p", "3036", "-p", "99999", checkpoint, "-f", "csv", NULL);
	assert_int_equal(outcome.status, 2);
	assert_int_equal(outcome.out.len, 0);
	assert_string_equal((const char *)outcome.err.data, "coldcase: there is no process 99999 in it\n");
	assert_int_equal(run("ps", "-p", "99999", checkpoint, NULL).status, 2);
	assert_int_equal(run("log", "-p", "99999", checkpoint, NULL).status, 2);
	assert_int_equal(run("list", "lock", "-p", "3036", checkpoint, NULL).status, 0); /* an empty table is an answer */
	assert_int_equal(run("list", "page_run", "-p", "12230", sample_case("predump-read-criu4.1.1"), NULL).status, 0);
}

/* Nothing in a podman archive tells a new file from a changed one. */
static void what_is_taken_for_added_says_so(void **state)
{
	struct outcome outcome = run("rootfs", "samples/podman.tar.zst", NULL);
	const char *text = (const char *)outcome.out.data;

	(void)state;
	assert_int_equal(outcome.status, 0);
	assert_int_equal(strncmp(text, "CHANGE   CERTAIN  TYPE", 22), 0);
	assert_non_null(strstr(text, "\nadded    no       file"));
}

/* Sockets without names are told apart, and an arrow leads somewhere. */
static void sockets_say_what_their_other_end_is(void **state)
{
	struct outcome fds = run("fds", "samples/podman.tar.zst", NULL);
	struct outcome sockets = run("sockets", "samples/podman.tar.zst", NULL);
	const char *details = (const char *)fds.out.data, *rows = (const char *)sockets.out.data;

	(void)state;
	assert_null(strstr(details, "->\n"));
	assert_null(strstr(details, "-> \n"));
	assert_non_null(strstr(details, " unix stream ESTABLISHED -> pid 9\n"));
	assert_non_null(strstr(details, " unix stream ESTABLISHED /tmp/nd/s.stream -> pid 9\n"));
	assert_non_null(strstr(details, " unix stream ESTABLISHED\n"));
	assert_non_null(strstr(rows, "ESTABLISHED  16771  -                           socket:[16770]\n"));
	assert_non_null(strstr(rows, "ESTABLISHED  16763  -                           /tmp/nd/s.stream\n"));
	for (const char *line = rows; *line; line = strchr(line, '\n') + 1) {
		size_t len = strcspn(line, "\n") + 1;

		assert_null(memmem(line + len, strlen(line + len), line, len));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_that_is_not_there_is_named),
		cmocka_unit_test(a_table_is_found_by_both_its_names),
		cmocka_unit_test(every_table_and_column_has_help),
		cmocka_unit_test(column_names_are_unique_in_their_table),
		cmocka_unit_test(the_columns_that_scripts_rely_on_are_there),
		cmocka_unit_test(a_cell_is_shown_by_its_type),
		cmocka_unit_test(a_list_of_strings_is_shown_item_by_item),
		cmocka_unit_test(text_stands_in_columns_numbers_to_the_right),
		cmocka_unit_test(a_table_is_a_command_by_its_short_name),
		cmocka_unit_test(null_is_a_dash_in_text_and_null_in_json),
		cmocka_unit_test(json_is_an_array_of_objects),
		cmocka_unit_test(jsonl_is_an_object_a_line),
		cmocka_unit_test(csv_has_a_header_and_no_formulas),
		cmocka_unit_test(provenance_says_where_a_row_is_from),
		cmocka_unit_test(provenance_in_a_tar_leads_to_the_bytes),
		cmocka_unit_test(rows_are_sorted_as_asked),
		cmocka_unit_test(rows_of_a_process_are_chosen),
		cmocka_unit_test(columns_that_are_not_there_are_refused),
		cmocka_unit_test(a_column_asked_for_twice_is_refused),
		cmocka_unit_test(ps_in_json_is_the_table_of_processes),
		cmocka_unit_test(what_is_taken_for_added_says_so),
		cmocka_unit_test(sockets_say_what_their_other_end_is),
	};

	return run_all(tests);
}
