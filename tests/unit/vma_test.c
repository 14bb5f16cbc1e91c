/* Counts of pages of mappings, where no bundled checkpoint has the case. */
#include "tests/support/handmade.h"

enum {
	TEXT = 0x400000,
	HEAP = 0x800000,
	PRIVATE_FILE = 0x41,     /* regular, private, of a file */
	PRIVATE_ANONYMOUS = 0x201,
	KERNELS = 0x1201,        /* vvar is marked as anonymous too */
	GUARD = 0x10201,
	IN_PARENT = 1,
};

static void put_mapping(struct out *mm, uint64_t start, uint64_t pages, uint64_t prot, uint64_t status)
{
	const uint64_t fields[] = { start, start + (pages << 12), 0, 1, prot, 2, status, 1 };
	struct out vma;

	out_init(&vma, -1);
	for (uint64_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		put_number(&vma, i + 1, fields[i]);
	put_message(mm, 14, &vma);
	out_deinit(&vma);
}

/* One page of four of a text mapping was dumped, into the parent; of the heap none was. */
static void write_checkpoint(void)
{
	struct out image, mm;

	write_inventory("mapped");
	out_init(&image, -1);
	put_magic(&image, MAGIC_PSTREE);
	put_pstree(&image, 7, 0);
	write_image("mapped", "pstree.img", &image);
	write_core("mapped", 7, BYTES("seven"));
	out_init(&mm, -1);
	put_mm(&mm, 0, 0);
	put_mapping(&mm, TEXT, 4, 5, PRIVATE_FILE);
	put_mapping(&mm, HEAP, 8, 3, PRIVATE_ANONYMOUS);
	put_mapping(&mm, HEAP + (8 << 12), 2, 1, KERNELS);
	put_mapping(&mm, HEAP + (1 << 12), 3, 3, GUARD);
	write_mm("mapped", 7, &mm);
	put_magic(&image, MAGIC_PAGEMAP);
	put_number(&mm, 1, 1);
	put_entry(&image, &mm);
	put_number(&mm, 1, TEXT + 0x1000);
	put_number(&mm, 2, 0);
	put_number(&mm, 4, IN_PARENT);
	put_number(&mm, 5, 1);
	put_entry(&image, &mm);
	write_image("mapped", "pagemap-7.img", &image);
	out_deinit(&image);
	out_deinit(&mm);
}

static void expect_rows(const char *table, const char *columns, const char *wanted)
{
	struct json_object *rows = run_json(0, "list", table, scratch_path("mapped"), "-f", "json",
					    "-c", columns, NULL);

	assert_string_equal(json_object_to_json_string_ext(rows, JSON_C_TO_STRING_PLAIN), wanted);
	json_object_put(rows);
}

static void text_that_was_dumped_into_the_parent_is_dirty_too(void **state)
{
	(void)state;
	write_checkpoint();
	expect_rows("vma", "kind,pages_present,pages_parent,pages_absent,dirty_text",
		    "[{\"kind\":\"file\",\"pages_present\":0,\"pages_parent\":1,\"pages_absent\":3,"
		    "\"dirty_text\":true},"
		    "{\"kind\":\"anon\",\"pages_present\":0,\"pages_parent\":0,\"pages_absent\":8,"
		    "\"dirty_text\":false},"
		    "{\"kind\":\"vvar\",\"pages_present\":0,\"pages_parent\":0,\"pages_absent\":2,"
		    "\"dirty_text\":false},"
		    "{\"kind\":\"guard\",\"pages_present\":0,\"pages_parent\":0,\"pages_absent\":3,"
		    "\"dirty_text\":false}]");
}

/* Eight of the heap, but for three behind guards; the kernel's two are not zero. */
static void zeroes_are_what_was_never_written(void **state)
{
	(void)state;
	write_checkpoint();
	expect_rows("process", "pid,pages_zero", "[{\"pid\":7,\"pages_zero\":5}]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_that_was_dumped_into_the_parent_is_dirty_too),
		cmocka_unit_test(zeroes_are_what_was_never_written),
	};

	return run_all(tests);
}
