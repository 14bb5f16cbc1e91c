/*
 * carve: contents of deleted files, and of shared memory through a chain of parents, whatever sizes the evidence gives
 * them: holes stay holes, and what is missing is told.
 */
#include "tests/support/carving.h"

/* --- ghosts --------------------------------------------------------------------------------------------- */

static void holes_of_a_ghost_stay_holes(void **state)
{
	const char *checkpoint = make_checkpoint("sparse"), *directory = new_directory();
	struct bytes found;
	struct stat st;

	(void)state;
	begin_image(MAGIC_GHOST_FILE);
	put_ghost(S_IFREG | 04755, true, 64 << 20);
	put_chunk(4096, BYTES("first"));
	put_chunk(32 << 20, BYTES("second"));
	end_image("sparse", "ghost-file-1a.img");
	assert_int_equal(carve(checkpoint, directory).status, 0);
	assert_only_files(directory, 1 + 2); /* and not setuid */
	found = carved(directory, "ghost-1a");
	assert_int_equal(found.len, 64 << 20);
	assert_memory_equal(found.data + 4096, "first", 5);
	assert_memory_equal(found.data + (32 << 20), "second", 6);
	assert_int_equal(found.data[4101], 0);
	assert_int_equal(stat(scratch_path("%s/ghost-1a", strrchr(directory, '/') + 1), &st), 0);
	assert_true(st.st_blocks < 1000);
}

static void only_files_have_contents(void **state)
{
	static const uint32_t types[] = { S_IFIFO, S_IFDIR, S_IFLNK, S_IFCHR, S_IFBLK, S_IFSOCK };
	const char *checkpoint = make_checkpoint("types"), *directory = new_directory();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		char name[32];

		begin_image(MAGIC_GHOST_FILE);
		put_ghost(types[i] | 0644, false, 0);
		snprintf(name, sizeof(name), "ghost-file-%zu.img", i + 1);
		end_image("types", name);
	}
	carve(checkpoint, directory);
	assert_only_files(directory, 2);
}

/* One far out, one before the last, one that overflows: what stands before it is there. */
static void chunks_that_do_not_fit_are_told(void **state)
{
	static const uint64_t places[] = { 1 << 20, 0, UINT64_MAX - 2 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const char *checkpoint = make_checkpoint("misfit"), *directory = new_directory();

		begin_image(MAGIC_GHOST_FILE);
		put_ghost(S_IFREG | 0644, true, 8192);
		put_chunk(4096, BYTES("here"));
		put_chunk(places[i], BYTES("there"));
		end_image("misfit", "ghost-file-1.img");
		assert_int_equal(carve(checkpoint, directory).status, 4);
		assert_memory_equal(carved(directory, "ghost-1").data + 4096, "here", 4);
		assert_row(directory, "ghost-1", "\tno\t");
	}
}

static void a_ghost_that_is_cut_is_what_is_left(void **state)
{
	const char *checkpoint = make_checkpoint("cut");
	static uint8_t content[300000];
	struct bytes whole;

	(void)state;
	for (size_t i = 0; i < sizeof(content); i++)
		content[i] = (uint8_t)(i >> 3);
	for (int chunked = 0; chunked < 2; chunked++) {
		const char *directory = new_directory();

		begin_image(MAGIC_GHOST_FILE);
		put_ghost(S_IFREG | 0644, chunked, sizeof(content));
		if (chunked)
			put_chunk(0, (struct bytes){ content, sizeof(content) });
		else
			out_bytes(&image, (struct bytes){ content, sizeof(content) });
		end_image("cut", "ghost-file-1.img");
		whole = read_file(scratch_path("cut/ghost-file-1.img"));
		write_file(scratch_path("cut/ghost-file-1.img"), whole.data, whole.len - 1000);
		carve(checkpoint, directory);
		assert_memory_equal(carved(directory, "ghost-1").data, content, sizeof(content) - 1000);
		assert_row(directory, "ghost-1", "\tno\t1000\tthe image ends early");
	}
}

/* Cut anywhere, nothing worse than a status of 4. */
static void a_ghost_may_be_cut_anywhere(void **state)
{
	const char *checkpoint = make_checkpoint("short");
	struct bytes whole;

	(void)state;
	begin_image(MAGIC_GHOST_FILE);
	put_ghost(S_IFREG | 0644, true, 8192);
	put_chunk(0, BYTES("chunk"));
	put_chunk(4096, BYTES("chunk"));
	end_image("short", "ghost-file-1.img");
	whole = read_file(scratch_path("short/ghost-file-1.img"));
	for (size_t len = 0; len < whole.len; len += 3) {
		write_file(scratch_path("short/ghost-file-1.img"), whole.data, len);
		carve(checkpoint, new_directory());
	}
}

/* --- sizes that no file can have ------------------------------------------------------------------------ */

/* Some file systems have files of any size: not all of it is read. */
static void assert_begins(const char *directory, const char *name, struct bytes wanted)
{
	char path[4200], head[64];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(read(fd, head, wanted.len), wanted.len);
	assert_memory_equal(head, wanted.data, wanted.len);
	close(fd);
}

static void sizes_beyond_any_file_are_told(void **state)
{
	static const uint64_t sizes[] = { (uint64_t)1 << 62, UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		const char *checkpoint = make_checkpoint("huge"), *directory = new_directory();

		begin_image(MAGIC_GHOST_FILE);
		put_ghost(S_IFREG | 0644, true, sizes[i]);
		put_chunk(0, BYTES("bytes"));
		end_image("huge", "ghost-file-1.img");
		begin_pagemap(1);
		put_run(0, 1, 4);
		put_run(4096, (uint64_t)1 << 50, 1); /* in a parent that is not there */
		end_image("huge", "pagemap-shmem-9.img");
		write_pages("huge", "pages-1.img", "A");
		write_memfd("huge", "huge", sizes[i], 9);
		assert_int_equal(carve(checkpoint, directory).status, 4);
		assert_only_files(directory, 2 + 2);
		assert_begins(directory, "ghost-1", BYTES("bytes"));
		assert_begins(directory, "memfd-9", BYTES("A"));
	}
}

/* --- shared memory through a chain ---------------------------------------------------------------------- */

/* Pages: 0 here, 1 and 2 in the parent, 3 nowhere, 4 lazy. The parent has 0 and 1, and hands 2 on. */
static const char *make_chain(void)
{
	make_checkpoint("chain/1");
	make_checkpoint("chain/2");
	begin_pagemap(1);
	put_run(0, 2, 4);
	put_run(2 * PAGE, 1, 1);
	end_image("chain/1", "pagemap-shmem-9.img");
	write_pages("chain/1", "pages-1.img", "ab");
	write_pagemap("chain/1", 7, 2, 0x10000, 1);
	write_pages("chain/1", "pages-2.img", "z");
	begin_pagemap(1);
	put_run(0, 1, 4);
	put_run(PAGE, 2, 1);
	put_run(4 * PAGE, 1, 2);
	end_image("chain/2", "pagemap-shmem-9.img");
	write_pages("chain/2", "pages-1.img", "A");
	write_pagemap("chain/2", 7, 2, 0x10000, 1);
	write_pages("chain/2", "pages-2.img", "z");
	write_memfd("chain/2", "shared", 6 * PAGE, 9);
	unlink(scratch_path("chain/2/parent"));
	assert_int_equal(symlink("../1", scratch_path("chain/2/parent")), 0);
	return scratch_path("chain/2");
}

static void assert_chain(const char *directory, const char *letters, const char *missing)
{
	struct bytes found = carved(directory, "memfd-9");

	assert_int_equal(found.len, 6 * PAGE);
	for (size_t i = 0; i < 6; i++)
		if (found.data[i * PAGE] != (letters[i] == '.' ? 0 : letters[i]))
			fail_msg("page %zu is 0x%02x", i, found.data[i * PAGE]);
	assert_row(directory, "memfd-9", missing);
}

static void shared_memory_is_read_through_the_chain(void **state)
{
	const char *checkpoint = make_chain(), *directory = new_directory();

	(void)state;
	assert_int_equal(carve(checkpoint, directory).status, 4); /* page 2 is in a third */
	assert_chain(directory, "Ab....", "\tno\t8192\tpages are in a parent that is not here");
	assert_non_null(strstr((const char *)carved(directory, "parts.tsv").data,
			       "memfd-9\t4096\t4096\t"));
}

static void without_its_parent_the_rest_is_there(void **state)
{
	const char *checkpoint = make_chain(), *directory = new_directory();

	(void)state;
	assert_int_equal(unlink(scratch_path("chain/2/parent")), 0);
	assert_int_equal(carve(checkpoint, directory).status, 4);
	assert_chain(directory, "A.....", "\tno\t12288\tpages are in a parent that is not here");
}

/* Pages of compressed archives are not kept as they pass: they are read in a pass of their own. */
static void an_archive_gives_what_its_directory_gives(void **state)
{
	static const char *const filters[] = { NULL, "gzip", "zstd" };
	const char *plain = new_directory();
	struct bytes wanted, found;

	(void)state;
	make_chain();
	carve(scratch_path("chain/2"), plain);
	wanted = carved(plain, "memfd-9");
	for (size_t i = 0; i < ARRAY_SIZE(filters); i++) {
		const char *archive = scratch_path("chain.tar"), *directory = new_directory();

		pack_directory(archive, filters[i], scratch_path("chain"), "");
		assert_int_equal(carve(archive, directory).status, 4);
		found = carved(directory, "memfd-9");
		assert_true(bytes_equal(found, wanted));
	}
}

static void a_page_map_that_is_not_there_is_told(void **state)
{
	const char *checkpoint = make_checkpoint("mapless"), *directory = new_directory();

	(void)state;
	write_memfd("mapless", "x", PAGE, 9);
	assert_int_equal(carve(checkpoint, directory).status, 4);
	assert_row(directory, "memfd-9", "\tno\t4096\tits page map is not here");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(holes_of_a_ghost_stay_holes),
		cmocka_unit_test(only_files_have_contents),
		cmocka_unit_test(chunks_that_do_not_fit_are_told),
		cmocka_unit_test(a_ghost_that_is_cut_is_what_is_left),
		cmocka_unit_test(a_ghost_may_be_cut_anywhere),
		cmocka_unit_test(sizes_beyond_any_file_are_told),
		cmocka_unit_test(shared_memory_is_read_through_the_chain),
		cmocka_unit_test(without_its_parent_the_rest_is_there),
		cmocka_unit_test(an_archive_gives_what_its_directory_gives),
		cmocka_unit_test(a_page_map_that_is_not_there_is_told),
	};

	return run_all(tests);
}
