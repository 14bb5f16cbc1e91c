/* --physical of search and scan: what is stored, each page once, and who has it mapped. */
#include "tests/support/handmade.h"

#include <stdlib.h>
#include <unistd.h>

static const char *podman(void)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/podman.tar.zst", getenv("SAMPLES") ? getenv("SAMPLES") : "samples");
	return path;
}

static const char *text_in(struct json_object *row, const char *key)
{
	return json_object_get_string(json_object_object_get(row, key));
}

/* Two tasks share the segment; its page is in the images once. */
static void a_shared_page_is_looked_at_once(void **state)
{
	struct json_object *rows = run_json(0, "search", podman(), "SHARED-ANON-PAGE-0", "-f", "json", NULL), *row;

	(void)state;
	assert_int_equal(json_object_array_length(rows), 2);
	json_object_put(rows);
	rows = run_json(0, "search", podman(), "SHARED-ANON-PAGE-0", "--physical", "-f", "json", NULL);
	assert_int_equal(json_object_array_length(rows), 1);
	row = json_object_array_get_idx(rows, 0);
	assert_string_equal(text_in(row, "pid"), "1");
	assert_string_equal(text_in(row, "addr"), "0x210002000000");
	assert_string_equal(text_in(row, "also"), "16:0x210002000000");
	json_object_put(rows);
}

static size_t count_in(struct bytes bytes, const char *word)
{
	size_t n = 0;

	for (size_t i = 0; i < bytes.len; i++)
		n += bytes_start_with(bytes_from(bytes, i), bytes_of(word));
	return n;
}

/* As often as in the files themselves. */
static void all_that_is_stored_is_counted(void **state)
{
	const char *directory = unpack(podman(), "unpacked");
	struct json_object *rows = run_json(0, "search", podman(), "vol/", "--physical", "--count", "-f", "json", NULL);
	size_t n = 0;

	(void)state;
	for (int i = 1; i <= 4; i++)
		n += count_in(read_file(scratch_path("unpacked/checkpoint/pages-%d.img", i)), "vol/");
	assert_non_null(directory);
	assert_true(n >= 4);
	assert_int_equal(json_object_array_length(rows), 1);
	assert_int_equal(json_object_get_int64(json_object_object_get(json_object_array_get_idx(rows, 0), "count")), n);
	json_object_put(rows);
}

/* --- a page that a later dump replaced ------------------------------------------------------------------- */

enum { ADDRESS = 0x10000000, PAGE = 4096, PID = 7 };

static const char key[] = "AKIA" "QYLPMN5HHHFPZAM2"; /* of nobody */

static void write_dump(const char *directory, const char *content)
{
	struct out image, mm, pages;

	out_init(&image, -1);
	out_init(&mm, -1);
	out_init(&pages, -1);
	write_inventory(directory);
	put_magic(&image, MAGIC_PSTREE);
	put_pstree(&image, PID, 0);
	write_image(directory, "pstree.img", &image);
	write_core(directory, PID, BYTES("made"));
	put_mm(&mm, 0x1000, 0x1000);
	put_vma(&mm, ADDRESS, ADDRESS + PAGE);
	write_mm(directory, PID, &mm);
	write_pagemap(directory, PID, 1, ADDRESS, 1);
	out_printf(&pages, " %s ", content);
	out_repeat(&pages, '\0', PAGE - pages.len);
	write_image(directory, "pages-1.img", &pages);
	out_deinit(&image);
	out_deinit(&mm);
	out_deinit(&pages);
}

static const char *make_chain(void)
{
	write_dump("chain/1", key);
	write_dump("chain/2", "needle, rotated");
	unlink(scratch_path("chain/2/parent"));
	assert_int_equal(symlink("../1", scratch_path("chain/2/parent")), 0);
	return scratch_path("chain");
}

static void what_was_replaced_is_stored_still(void **state)
{
	const char *chain = make_chain();
	struct json_object *rows;

	(void)state;
	assert_int_equal(run("search", chain, key, NULL).status, 1);
	assert_int_equal(run("search", chain, "needle", NULL).status, 0);
	rows = run_json(0, "search", chain, key, "--physical", "-f", "json", NULL);
	assert_int_equal(json_object_array_length(rows), 1);
	assert_string_equal(text_in(json_object_array_get_idx(rows, 0), "ancestor"), "1");
	assert_string_equal(text_in(json_object_array_get_idx(rows, 0), "offset"), "1");
	assert_null(text_in(json_object_array_get_idx(rows, 0), "pid"));
	json_object_put(rows);
	assert_int_equal(run("scan", chain, NULL).status, 0);
	assert_int_equal(run("scan", chain, "--physical", NULL).status, 1);
	assert_non_null(strstr((const char *)run("scan", chain, "--physical", NULL).out.data, "aws-access-key"));
}

static void no_process_is_chosen(void **state)
{
	static const char *const commands[][6] = {
		{ "search", "--physical", "-p", "1", "x", NULL }, { "scan", "--physical", "-p", "1", NULL },
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const char *words[8] = { commands[i][0], podman() };

		for (size_t k = 1; commands[i][k]; k++)
			words[k + 1] = commands[i][k];
		assert_int_equal(run_words(words).status, 2);
		assert_non_null(strstr((const char *)run_words(words).err.data, "not with -p"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_shared_page_is_looked_at_once),
		cmocka_unit_test(all_that_is_stored_is_counted),
		cmocka_unit_test(what_was_replaced_is_stored_still),
		cmocka_unit_test(no_process_is_chosen),
	};

	return run_all(tests);
}
