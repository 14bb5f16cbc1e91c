/*
 * What is around the tasks (namespaces, devices, System V objects, page runs, logs, what is not
 * known), in shapes that no real image of ours has. The real ones: interop/truth_namespaces_test.c.
 */
#include "tests/support/wire.h"

enum {
	MAGIC_NETDEV = 0x57373951,
	MAGIC_USERNS = 0x55474906,
	MAGIC_SHM = 0x46283044,
	MAGIC_SEM = 0x59573019,
};

static struct out image, payload, inner, innermost;

/* A directory that is a checkpoint; what the test is about comes into it later. */
static void begin(const char *directory)
{
	struct out *const outs[] = { &image, &payload, &inner, &innermost };

	for (size_t i = 0; i < 4; i++)
		out_init(outs[i], -1);
	put_u32(&image, MAGIC_INVENTORY, false);
	put_number(&payload, 1, 2);
	put_entry(&image, &payload);
	write_image(directory, "inventory.img", &image);
}

static void end(void)
{
	struct out *const outs[] = { &image, &payload, &inner, &innermost };

	for (size_t i = 0; i < 4; i++)
		out_deinit(outs[i]);
}

static struct json_object *list(const char *table, const char *directory, int status)
{
	return run_json(status, "list", table, "--format", "json", scratch_path("%s", directory),
			NULL);
}

/* Row I has exactly these values in these columns, as JSON. */
static void has(struct json_object *rows, size_t i, const char *column, const char *wanted)
{
	struct json_object *value = NULL;
	const char *found;

	assert_true(i < json_object_array_length(rows));
	assert_true(json_object_object_get_ex(json_object_array_get_idx(rows, i), column, &value));
	found = json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN |
							      JSON_C_TO_STRING_NOSLASHESCAPE);
	if (strcmp(found, wanted) != 0)
		fail_msg("%s of row %zu is %s, not %s", column, i, found, wanted);
}

/* --- what is not known ------------------------------------------------------------------------ */

static void put_pstree(struct out *wire)
{
	for (uint64_t field = 1; field <= 4; field++)
		put_number(wire, field, 1);
	put_number(wire, 5, 1);
}

static void fields_that_are_not_known_have_rows(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("unknown");
	put_magic(&image, MAGIC_PSTREE);
	put_pstree(&payload);
	put_number(&payload, 1000, UINT64_MAX);
	put_text(&payload, 1001, "0123456789abcdef0123456789abcdefBEYOND");
	put_varint(&payload, 1002 << 3 | 5);
	put_u32(&payload, 0x12345678, false);
	put_entry(&image, &payload);
	write_image("unknown", "pstree.img", &image);

	rows = list("unknown", "unknown", 0);
	assert_int_equal(json_object_array_length(rows), 3);
	has(rows, 0, "field", "1000");
	has(rows, 0, "message", "\"pstree_entry\"");
	has(rows, 0, "wire", "\"varint\"");
	has(rows, 0, "number", "18446744073709551615");
	has(rows, 1, "length", "38");
	has(rows, 1, "number", "null");
	has(rows, 1, "value",
	    "\"3031323334353637383961626364656630313233343536373839616263646566\"");
	has(rows, 2, "wire", "\"fixed32\"");
	has(rows, 2, "number", "305419896");
	json_object_put(rows);
	end();
}

static void a_field_inside_a_message_has_its_place(void **state)
{
	struct json_object *rows;
	size_t offset;

	(void)state;
	begin("nested");
	put_magic(&image, MAGIC_USERNS);
	for (uint64_t field = 1; field <= 3; field++)
		put_number(&inner, field, field);
	offset = 8 + 4 + 2 + inner.len;
	put_text(&inner, 9, "new");
	put_message(&payload, 1, &inner);
	put_entry(&image, &payload);
	write_image("nested", "userns-5.img", &image);

	rows = run_json(0, "list", "unknown", "--provenance", "--format", "json",
			scratch_path("nested"), NULL);
	assert_int_equal(json_object_array_length(rows), 1);
	has(rows, 0, "message", "\"uid_gid_extent\"");
	has(rows, 0, "value", "\"6e6577\"");
	assert_int_equal(offset, 0x14);
	has(rows, 0, "src_offset", "\"0x14\"");
	json_object_put(rows);
	end();
}

static void images_that_are_not_known_have_rows(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("strange");
	put_magic(&image, 0x11223344);
	write_image("strange", "vendor-1.img", &image);
	out_text(&image, "hello");
	write_image("strange", "plugin.img", &image);
	out_text(&image, "hello");
	write_image("strange", "notes.txt", &image);

	rows = list("unknown", "strange", 0);
	assert_int_equal(json_object_array_length(rows), 2);
	has(rows, 0, "image", "\"plugin.img\"");
	has(rows, 0, "what", "\"image\"");
	has(rows, 0, "length", "5");
	has(rows, 1, "magic", "\"0x11223344\"");
	json_object_put(rows);
	end();
}

/* --- devices, namespaces ---------------------------------------------------------------------- */

static void put_device(uint64_t type, const char *name)
{
	put_number(&payload, 1, type);
	put_number(&payload, 2, 7);
	put_number(&payload, 3, 1480);
	put_number(&payload, 4, 1);
	put_text(&payload, 5, name);
}

static void devices_say_what_only_they_have(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("devices");
	put_magic(&image, MAGIC_NETDEV);
	put_device(8, "sit1");
	put_number(&inner, 2, 0x0100000a); /* 10.0.0.1, as a little-endian machine has it */
	put_number(&inner, 3, 0x0200000a);
	put_number(&inner, 4, 64);
	put_message(&payload, 15, &inner);
	put_entry(&image, &payload);
	put_device(7, "mv0");
	put_number(&inner, 1, 4);
	put_message(&payload, 11, &inner);
	put_entry(&image, &payload);
	put_device(99, "new0");
	put_entry(&image, &payload);
	write_image("devices", "netdev-3.img", &image);

	rows = list("netdev", "devices", 0);
	has(rows, 0, "detail", "\"local 10.0.0.1 remote 10.0.0.2 ttl 64\"");
	has(rows, 0, "up", "true");
	has(rows, 0, "address", "null");
	has(rows, 1, "type", "\"macvlan\"");
	has(rows, 1, "detail", "\"mode bridge\"");
	has(rows, 2, "type", "\"unknown (99)\"");
	json_object_put(rows);
	end();
}

static void a_namespace_that_no_task_is_in_has_a_row(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("namespaces");
	put_magic(&image, MAGIC_USERNS);
	for (uint64_t i = 0; i < 2; i++) {
		put_number(&inner, 1, i * 1000);
		put_number(&inner, 2, 100000 + i);
		put_number(&inner, 3, 10);
		put_message(&payload, 1, &inner);
	}
	put_entry(&image, &payload);
	write_image("namespaces", "userns-5.img", &image);

	rows = list("namespace", "namespaces", 0);
	assert_int_equal(json_object_array_length(rows), 1);
	has(rows, 0, "type", "\"user\"");
	has(rows, 0, "processes", "0");
	has(rows, 0, "is_host", "null");
	has(rows, 0, "uid_map", "\"0 100000 10, 1000 100001 10\"");
	has(rows, 0, "gid_map", "\"\"");
	json_object_put(rows);
	end();
}

/* --- System V --------------------------------------------------------------------------------- */

static void put_desc(uint64_t key)
{
	put_number(&inner, 1, key);
	for (uint64_t field = 2; field <= 7; field++)
		put_number(&inner, field, field);
	put_message(&payload, 1, &inner);
}

static void a_segment_may_have_its_bytes_behind_it(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("segments");
	put_magic(&image, MAGIC_SHM);
	put_desc(UINT32_MAX);
	put_number(&payload, 2, 5);
	put_entry(&image, &payload);
	out_write(&image, "bytes\0\0", 8);
	write_image("segments", "ipcns-shm-2.img", &image);

	rows = list("sysv", "segments", 0);
	has(rows, 0, "key", "\"0xffffffff\"");
	has(rows, 0, "held_bytes", "5");
	has(rows, 0, "in_pagemaps", "false");
	has(rows, 0, "mode", "\"0006\"");
	json_object_put(rows);
	end();
}

static void semaphores_that_were_cut_off_are_not_made_up(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("semaphores");
	put_magic(&image, MAGIC_SEM);
	put_desc(1);
	put_number(&payload, 2, 4000000000);
	put_entry(&image, &payload);
	put_u16(&image, 7, false);
	put_u16(&image, 8, false);
	write_image("semaphores", "ipcns-sem-2.img", &image);

	rows = list("sysv", "semaphores", 4);
	has(rows, 0, "nsems", "4000000000");
	has(rows, 0, "values", "[7,8]");
	json_object_put(rows);
	end();
}

/* --- page runs -------------------------------------------------------------------------------- */

static void put_run(uint64_t address, uint64_t pages, uint64_t flags)
{
	put_number(&payload, 1, address);
	put_number(&payload, 2, pages);
	put_number(&payload, 4, flags);
	put_entry(&image, &payload);
}

static void runs_are_listed_without_tasks(void **state)
{
	static const char page[3 * 16384];
	struct json_object *rows;

	(void)state;
	begin("runs");
	put_magic(&image, MAGIC_PAGEMAP);
	put_number(&payload, 1, 9);
	put_entry(&image, &payload);
	put_run(0x10000, 1, 4);
	put_run(0x20000, 8, 1);
	put_run(0x80000, 2, 6);
	put_run(0x90000, 1, 2);
	put_run(0xa0000, 1, 0);
	write_image("runs", "pagemap-7.img", &image);
	write_file(scratch_path("runs/pages-9.img"), page, sizeof(page));

	rows = list("page_run", "runs", 0);
	assert_int_equal(json_object_array_length(rows), 5);
	has(rows, 0, "end", "\"0x14000\"");
	has(rows, 1, "state", "\"parent\"");
	has(rows, 1, "pages_image", "null");
	has(rows, 2, "state", "\"present\"");
	has(rows, 2, "pages_image", "\"pages-9.img\"");
	has(rows, 2, "pages_offset", "\"0x4000\"");
	has(rows, 3, "state", "\"lazy\"");
	has(rows, 4, "state", "null");
	json_object_put(rows);
	end();
}

/* --- logs ------------------------------------------------------------------------------------- */

static const struct {
	const char *line, *time_us, *pid, *level, *source, *message;
} lines[] = {
	{ "(00.000012) plain", "12", "null", "null", "null", "\"plain\"" },
	{ "(100.12345) late", "100123450", "null", "null", "null", "\"late\"" },
	{ "(00.000001)      7: Warn  (criu/x.c:9): w", "1", "7", "\"warning\"", "\"criu/x.c:9\"",
	  "\"w\"" },
	{ "pie: 9: Error (pie/r.c:1): e", "null", "9", "\"error\"", "\"pie/r.c:1\"", "\"e\"" },
	{ "(00.000001) 12: no pid", "1", "null", "null", "null", "\"12: no pid\"" },
	{ "Error (nope", "null", "null", "null", "null", "\"Error (nope\"" },
	{ "(1.2) ", "1200000", "null", "null", "null", "\"\"" },
	{ "(1.2)", "null", "null", "null", "null", "\"(1.2)\"" },
	{ "", "null", "null", "null", "null", "\"\"" },
	{ "\x1b]0;x\a", "null", "null", "null", "null", "\"\\u001b]0;x\\u0007\"" },
};

static void log_lines_are_taken_apart(void **state)
{
	const size_t n = sizeof(lines) / sizeof(lines[0]);
	struct json_object *rows;

	(void)state;
	begin("logs/images");
	for (size_t i = 0; i < n; i++)
		out_printf(&image, "%s\n", lines[i].line);
	write_image("logs", "restore.log", &image);

	rows = list("log", "logs", 0);
	assert_int_equal(json_object_array_length(rows), n);
	for (size_t i = 0; i < n; i++) {
		has(rows, i, "time_us", lines[i].time_us);
		has(rows, i, "pid", lines[i].pid);
		has(rows, i, "level", lines[i].level);
		has(rows, i, "source", lines[i].source);
		has(rows, i, "message", lines[i].message);
	}
	json_object_put(rows);
	end();
}

static void a_line_that_is_too_long_is_cut_and_told(void **state)
{
	struct json_object *rows, *message;

	(void)state;
	begin("long");
	out_repeat(&image, 'x', 70000);
	write_image("long", "dump.log", &image);

	rows = list("log", "long", 4);
	assert_int_equal(json_object_array_length(rows), 1);
	json_object_object_get_ex(json_object_array_get_idx(rows, 0), "message", &message);
	assert_int_equal(json_object_get_string_len(message), 65536);
	json_object_put(rows);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_that_are_not_known_have_rows),
		cmocka_unit_test(a_field_inside_a_message_has_its_place),
		cmocka_unit_test(images_that_are_not_known_have_rows),
		cmocka_unit_test(devices_say_what_only_they_have),
		cmocka_unit_test(a_namespace_that_no_task_is_in_has_a_row),
		cmocka_unit_test(a_segment_may_have_its_bytes_behind_it),
		cmocka_unit_test(semaphores_that_were_cut_off_are_not_made_up),
		cmocka_unit_test(runs_are_listed_without_tasks),
		cmocka_unit_test(log_lines_are_taken_apart),
		cmocka_unit_test(a_line_that_is_too_long_is_cut_and_told),
	};

	return run_all(tests);
}
