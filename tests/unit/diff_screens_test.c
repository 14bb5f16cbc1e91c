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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(screens_of_each_size),
		cmocka_unit_test(screens_of_ascii),
		cmocka_unit_test(counts_are_those_of_diff),
		cmocka_unit_test(mappings_are_those_of_diff),
		cmocka_unit_test(bytes_are_those_of_mem),
		cmocka_unit_test(links_lead_into_their_own_side),
		cmocka_unit_test(a_parent_is_opened),
	};

	shown[0] = before;
	shown[1] = after;
	return run_all(tests);
}
