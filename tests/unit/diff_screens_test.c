/* The screens of a comparison: held against files that were looked at, and against what diff and mem print. */
#include "tests/support/screens.h"

#include <stdlib.h>

static const char *const before = "samples/cases/podman-none-criu4.1.1.tar.zst", *const after = "samples/podman.tar.zst";
static const char *const chain = "samples/cases/oci-crun-incr-criu4.1.1.tar.zst";

static void screens_of_each_size(void **state)
{
	(void)state;
	assert_golden_of_each_size("diff");
}

static void screens_of_ascii(void **state)
{
	(void)state;
	assert_golden_of_ascii("diff");
}

/* --- what they say ------------------------------------------------------------------------------------- */

static size_t count(struct json_object *table, const char *change)
{
	return json_object_array_length(json_object_object_get(table, change));
}

/* A number as the overview has it: with its sign, or a dot. */
static void put_count(char *out, char sign, size_t n)
{
	if (n)
		snprintf(out, 24, "%c%zu", sign, n);
	else
		snprintf(out, 24, ".");
}

/* Each table's counts are those that diff prints, and tables in which nothing changed are not listed. */
static void counts_are_those_of_diff(void **state)
{
	struct json_object *diff = run_json(1, "diff", before, after, "-f", "json", NULL);
	struct bytes screen = screen_after("save\n");
	size_t listed = 0;

	(void)state;
	json_object_object_foreach(diff, name, table) {
		char removed[24], added[24], changed[24], is[4][64] = { "" };
		struct bytes rest = screen;
		bool found = false;

		if (!json_object_is_type(table, json_type_object) || !json_object_object_get(table, "removed"))
			continue;
		put_count(removed, '-', count(table, "removed"));
		put_count(added, '+', count(table, "added"));
		put_count(changed, '~', count(table, "changed"));
		while (rest.len && !found) {
			struct bytes text = next_line(&rest);
			char line[512];

			snprintf(line, sizeof(line), "%.*s", BYTES_FMT(text));
			found = sscanf(line + 2, "%63s %63s %63s %63s", is[0], is[1], is[2], is[3]) == 4 &&
				!strcmp(is[0], name);
		}
		if (count(table, "removed") + count(table, "added") + count(table, "changed")) {
			assert_true(found);
			assert_string_equal(is[1], removed);
			assert_string_equal(is[2], added);
			assert_string_equal(is[3], changed);
			listed++;
		} else {
			assert_false(found);
		}
	}
	assert_int_equal(listed, 15);
	json_object_put(diff);
}

/* So are the pages of each mapping: changed, new and gone, and in all. */
static void mappings_are_those_of_diff(void **state)
{
	struct json_object *diff = run_json(1, "diff", before, after, "-f", "json", "--tables", "memory", NULL);
	struct json_object *memory = json_object_object_get(diff, "memory");
	struct bytes rest = screen_after("keys Down Down Down Enter u\nsave\n");
	size_t n = 0, all = json_object_array_length(memory);

	(void)state;
	while (rest.len) {
		struct bytes here = next_line(&rest);
		char line[512], sign[8], gone[24], fresh[24], changed[24], text[128];
		unsigned long pid, address, same;

		snprintf(line, sizeof(line), "%.*s", BYTES_FMT(here));
		if (sscanf(line + (line[0] == '>'), " %7s %lu %lx", sign, &pid, &address) != 3 || strlen(sign) != 1)
			continue;
		for (size_t i = 0; i < all; i++) {
			struct json_object *region = json_object_array_get_idx(memory, i);
			size_t gone_n = json_object_get_uint64(json_object_object_get(region, "gone"));
			size_t new_n = json_object_get_uint64(json_object_object_get(region, "new"));
			size_t changed_n = json_object_get_uint64(json_object_object_get(region, "changed"));

			if (json_object_get_uint64(json_object_object_get(region, "pid")) != pid ||
			    strtoul(json_object_get_string(json_object_object_get(region, "start")), NULL, 16) != address)
				continue;
			put_count(gone, '-', gone_n);
			put_count(fresh, '+', new_n);
			put_count(changed, '~', changed_n);
			same = json_object_get_uint64(json_object_object_get(region, "same"));
			snprintf(text, sizeof(text), " %*s  %*s  %*s  %*lu  ", 4, gone, 3, fresh, 7, changed, 4, same);
			if (!strstr(line, text))
				fail_msg("\"%s\" is not in \"%s\"", text, line);
			assert_int_equal(*sign, gone_n || new_n || changed_n ? '~' : '=');
			n++;
		}
	}
	assert_int_equal(n, all);
	json_object_put(diff);
}

/* The bytes of both sides are those that mem prints of either checkpoint, and the signs stand where they differ. */
static void bytes_are_those_of_mem(void **state)
{
	struct bytes screen = screen_after("keys Down Down Down Enter\ntype /vdso\nkeys Enter Enter Enter\nsave\n");
	/* Where the mapping was is another place. */
	struct bytes left = run("mem", before, "--raw", "-p", "1", "7fb89e0a8020:4064", NULL).out;
	struct bytes right = run("mem", after, "--raw", "-p", "1", "7fc1525e8020:4064", NULL).out;
	size_t differing = 0;

	(void)state;
	assert_int_equal(left.len, 4064);
	assert_int_equal(right.len, 4064);
	for (size_t line = 0; line < 64; line++) {
		char text[256], *out = text;

		out += sprintf(out, "%012lx  ", (unsigned long)(0x7fc1525e8020 + line * 16));
		for (int side = 0; side < 2; side++) {
			bool any = false;

			for (size_t i = line * 16; i < line * 16 + 16; i++) {
				any |= left.data[i] != right.data[i];
				differing += !side && left.data[i] != right.data[i];
				out += sprintf(out, "%c%02x", left.data[i] != right.data[i] ? '~' : ' ',
					       (side ? right : left).data[i]);
			}
			out += sprintf(out, "%s", side ? "" : any ? "  ~ " : "  = ");
		}
		assert_says(screen, text);
	}
	assert_in_range(differing, 100, 1000);
}

/* A row of before leads into before, one of after into after; both are told by their titles and contents. */
static void links_lead_into_their_own_side(void **state)
{
	static const char removed[] = "type /^fd\nkeys Enter Enter Enter\nsave\n";
	static const char changed[] = "type /^fd\nkeys Enter Enter Down Enter\nsave\n";

	(void)state;
	assert_says(screen_after(removed), "before: 9 net");
	assert_says(screen_after(removed), "fds            33 ");
	assert_says(screen_after(changed), "9 net\n");
	assert_says(screen_after(changed), "fds            32 ");
}

/* The command that prints the same, of each of them. */
static void commands_are_told(void **state)
{
	static const char *const screens[][2] = {
		{ "", "coldcase diff " },
		{ "keys Down Down Enter\n", "coldcase diff --tables process,memory " },
		{ "keys Down Down Down Enter\n", "coldcase diff --tables memory " },
		{ "type /^fd\nkeys Enter Enter\n", "coldcase diff --tables fd " },
		{ "type /^fd\nkeys Enter Enter v\n", "coldcase diff --tables fd " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(screens) / sizeof(*screens); i++) {
		char keys[128], command[256];

		snprintf(keys, sizeof(keys), "%skeys c\nsave\n", screens[i][0]);
		snprintf(command, sizeof(command), "\n %s%s %s\n", screens[i][1], before, after);
		assert_says(screen_after(keys), command);
	}
}

/* --- a parent -------------------------------------------------------------------------------------------- */

/* What changed since the parent is what "diff --parent" says, and a checkpoint without one says so. */
static void a_parent_is_opened(void **state)
{
	static const char text[] = "keys d\nsave\n";
	struct json_object *diff = run_json(1, "diff", "--parent", chain, "-f", "json", "--tables", "memory", NULL);
	struct json_object *total = json_object_object_get(diff, "memory_total");
	char words[128];
	struct outcome outcome;

	(void)state;
	write_file(scratch_path("d.script"), text, strlen(text));
	outcome = run("tui", "--script", scratch_path("d.script"), "--size", "200x40", chain, NULL);
	snprintf(words, sizeof(words), "-%llu    +%llu      ~%llu  %llu  pages, and where",
		 (unsigned long long)json_object_get_uint64(json_object_object_get(total, "gone")),
		 (unsigned long long)json_object_get_uint64(json_object_object_get(total, "new")),
		 (unsigned long long)json_object_get_uint64(json_object_object_get(total, "changed")),
		 (unsigned long long)json_object_get_uint64(json_object_object_get(total, "same")));
	assert_says(outcome.out, words);
	assert_says(outcome.out, "a pre-dump holds pages and nothing else");
	outcome = run("tui", "--script", scratch_path("d.script"), after, NULL);
	assert_int_equal(outcome.status, 0);
	assert_says(outcome.out, "has no parent to compare it with");
	json_object_put(diff);
}

/* --- in which order, and in files ------------------------------------------------------------------------ */

static const char *const tree_before = "samples/cases/tree-criu3.17.1.tar.zst";
static const char *const tree_after = "samples/cases/tree-criu4.2.1.tar.zst";

static uint64_t json_number(struct json_object *object, const char *key)
{
	return json_object_get_uint64(json_object_object_get(object, key));
}

static const char *json_text(struct json_object *object, const char *key)
{
	return json_object_get_string(json_object_object_get(object, key));
}

/* The rows that "w" writes on the screen that KEYS lead to, sorted as ORDER says. */
static struct json_object *written(const char *keys, const char *order)
{
	static unsigned n;
	const char *directory = scratch_path("sorted-%u", ++n), *script = scratch_path("sorted-%u.script", n);
	char text[512];
	int len = snprintf(text, sizeof(text), "%s\ntype :sort %s\nkeys Enter\ntype :w rows.json\nkeys Enter\n", keys,
			   order);
	struct outcome outcome;

	write_file(script, text, (size_t)len);
	outcome = run("tui", "--size", "200x60", "--script", script, "-o", directory, tree_before, tree_after, NULL);
	assert_int_equal(outcome.status, 0);
	return json_tokener_parse((const char *)read_file(scratch_path("sorted-%u/rows.json", n)).data);
}

/* Null comes first, addresses are numbers, what is no number is text. */
static int compare_cells(struct json_object *a, struct json_object *b)
{
	const char *left = a ? json_object_get_string(a) : "", *right = b ? json_object_get_string(b) : "";
	char *left_end, *right_end;
	unsigned long long x = strtoull(left, &left_end, 0), y = strtoull(right, &right_end, 0);

	if (a && b && !*left_end && !*right_end)
		return (x > y) - (x < y);
	return strcmp(left, right);
}

/* Pages that differ, which the strip is sorted by. */
static struct json_object *differing(struct json_object *row)
{
	uint64_t n = json_number(row, "gone") + json_number(row, "new") + json_number(row, "changed");

	return json_object_new_uint64(n);
}

static struct json_object *sorted_cell(struct json_object *row, const char *column)
{
	return strcmp(column, "where") ? json_object_get(json_object_object_get(row, column)) : differing(row);
}

static void assert_in_order(const char *keys, const char *column, bool descending)
{
	char order[64];
	struct json_object *rows;
	size_t n, moves = 0;

	snprintf(order, sizeof(order), "%s%s", descending ? "-" : "", column);
	rows = written(keys, order);
	n = json_object_array_length(rows);
	assert_in_range(n, 16, 200);
	for (size_t i = 1; i < n; i++) {
		struct json_object *a = sorted_cell(json_object_array_get_idx(rows, i - 1), column);
		struct json_object *b = sorted_cell(json_object_array_get_idx(rows, i), column);
		int compared = compare_cells(a, b);

		if (descending ? compared < 0 : compared > 0)
			fail_msg("sorted by %s: %s stands before %s", order, json_object_get_string(a),
				 json_object_get_string(b));
		moves += compared != 0;
		json_object_put(a);
		json_object_put(b);
	}
	assert_true(moves > 0); /* else anything is an order */
	json_object_put(rows);
}

static void rows_are_sorted_by_each_column(void **state)
{
	static const struct {
		const char *keys, *columns[12];
	} screens[] = {
		{ "keys u Down Down Enter", { "pid", "was", "pages gone", "new", "changed", "same", "command" } },
		{ "keys Down Down Down Enter u", { "pid", "address", "where", "gone", "new", "changed", "same", "mapping",
						   "prot", "size", "task", "moved from" } },
	};

	(void)state;
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < 12 && screens[i].columns[k]; k++) {
			assert_in_order(screens[i].keys, screens[i].columns[k], false);
			assert_in_order(screens[i].keys, screens[i].columns[k], true);
		}
}

/* The region of a mapping that is written. */
static struct json_object *region_of(struct json_object *memory, struct json_object *row)
{
	for (size_t i = 0; i < json_object_array_length(memory); i++) {
		struct json_object *region = json_object_array_get_idx(memory, i);

		if (json_number(region, "pid") == json_number(row, "pid") &&
		    !strcmp(json_text(region, "start"), json_text(row, "address")))
			return region;
	}
	fail_msg("%s is not what diff has", json_object_to_json_string(row));
	return NULL;
}

/* What is written of mappings is what diff says of them, cell by cell. */
static void mappings_are_written(void **state)
{
	struct json_object *diff = run_json(1, "diff", tree_before, tree_after, "-f", "json", "--tables", "memory", NULL);
	struct json_object *memory = json_object_object_get(diff, "memory");
	struct json_object *rows = written("keys Down Down Down Enter u", "pid");
	size_t n = json_object_array_length(rows), moved = 0;

	(void)state;
	assert_int_equal(n, json_object_array_length(memory));
	for (size_t i = 0; i < n; i++) {
		struct json_object *row = json_object_array_get_idx(rows, i), *region = region_of(memory, row);
		struct json_object *was = json_object_object_get(row, "moved from");
		const char *const counts[] = { "gone", "new", "changed", "same" };

		for (size_t k = 0; k < 4; k++)
			assert_int_equal(json_number(row, counts[k]), json_number(region, counts[k]));
		assert_string_equal(json_text(row, "prot"), json_text(region, "prot"));
		assert_int_equal(json_number(row, "size"), strtoull(json_text(region, "end"), NULL, 16) -
								   strtoull(json_text(region, "start"), NULL, 16));
		assert_int_equal(was != NULL, json_object_get_boolean(json_object_object_get(region, "moved")));
		moved += was != NULL;
		if (was)
			assert_string_equal(json_object_get_string(was), json_text(region, "before_start"));
	}
	assert_in_range(moved, 10, n - 10);
	json_object_put(rows);
	json_object_put(diff);
}

/* So are tasks: which one it was, and the pages of its mappings together. */
static void tasks_are_written(void **state)
{
	struct json_object *diff = run_json(1, "diff", tree_before, tree_after, "-f", "json", "--tables", "memory", NULL);
	struct json_object *memory = json_object_object_get(diff, "memory");
	struct json_object *rows = written("keys u Down Down Enter", "pid");

	(void)state;
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);
		const char *const counts[][2] = { { "pages gone", "gone" }, { "new", "new" }, { "changed", "changed" },
						  { "same", "same" } };
		uint64_t sums[4] = { 0 };

		for (size_t k = 0; k < json_object_array_length(memory); k++) {
			struct json_object *region = json_object_array_get_idx(memory, k);

			if (json_number(region, "pid") != json_number(row, "pid"))
				continue;
			assert_int_equal(json_number(row, "was"), json_number(region, "before_pid"));
			for (size_t j = 0; j < 4; j++)
				sums[j] += json_number(region, counts[j][1]);
		}
		for (size_t j = 0; j < 4; j++)
			assert_int_equal(json_number(row, counts[j][0]), sums[j]);
	}
	json_object_put(rows);
	json_object_put(diff);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(screens_of_each_size),
		cmocka_unit_test(screens_of_ascii),
		cmocka_unit_test(counts_are_those_of_diff),
		cmocka_unit_test(mappings_are_those_of_diff),
		cmocka_unit_test(bytes_are_those_of_mem),
		cmocka_unit_test(links_lead_into_their_own_side),
		cmocka_unit_test(commands_are_told),
		cmocka_unit_test(a_parent_is_opened),
		cmocka_unit_test(rows_are_sorted_by_each_column),
		cmocka_unit_test(mappings_are_written),
		cmocka_unit_test(tasks_are_written),
	};

	shown[0] = before;
	shown[1] = after;
	return run_all(tests);
}
