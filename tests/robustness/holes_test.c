/*
 * Files with holes. A directory of a few kilobytes can have files of terabytes: none may keep the program busy, and
 * where it gives up that is told. What is in a hole is zeroes, and nothing else may depend on it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/handmade_core.h"

#include "decoders/base/size.h"
#include "decoders/model/scan.h"

enum { PID = 7, PAGE = 4096 }; /* the pid of write_machine's task */
#define VAST ((uint64_t)4 << 40)
static const uint64_t BASE = 0x100000000000;

/* --- making them ------------------------------------------------------------------------------------------- */

/* A process with one mapping of SIZE bytes, all of which are in pages-1.img. */
static void write_images(const char *directory, uint64_t size)
{
	struct out mm;

	write_machine(directory, &handmade_machines[ARRAY_SIZE(handmade_machines) - 1]);
	out_init(&mm, -1);
	put_mm(&mm, BASE, BASE);
	put_vma(&mm, BASE, BASE + size);
	write_mm(directory, PID, &mm);
	out_deinit(&mm);
	write_pagemap(directory, PID, 1, BASE, size / PAGE);
}

static int make_pages(const char *directory, uint64_t size)
{
	int fd = open(scratch_path("%s/pages-1.img", directory), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	if (ftruncate(fd, (off_t)size) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static void put_at(int fd, uint64_t offset, const char *text)
{
	assert_int_equal(pwrite(fd, text, strlen(text), (off_t)offset), strlen(text));
}

/* A megabyte of data, then a hole, and the last page is data. NULL: there can be no such file here. */
static const char *vast_checkpoint(void)
{
	static const char *made;
	int fd;

	if (made)
		return made;
	write_images("vast", VAST);
	fd = make_pages("vast", VAST);
	if (fd < 0 || lseek(fd, 0, SEEK_DATA) >= 0) {
		print_message("SKIPPED: holes: no file of 4 TiB, or no SEEK_DATA, in this file system\n");
		return NULL;
	}
	for (uint64_t at = 0; at < 1 << 20; at += PAGE)
		put_at(fd, at, "data of the first megabyte");
	put_at(fd, VAST - PAGE + 100, "the needle at the very end");
	close(fd);
	return made = scratch_path("vast");
}

/* --- vast ones ------------------------------------------------------------------------------------------------ */

#define run_vast(wanted, ...) \
	do { \
		double before = seconds(); \
		last = run(__VA_ARGS__, NULL); \
		if (last.status != (wanted)) \
			fail_msg("%s: status %d: %.2000s", #__VA_ARGS__, last.status, (const char *)last.err.data); \
		if (seconds() - before > 10) \
			fail_msg("%s: %.1f s", #__VA_ARGS__, seconds() - before); \
	} while (0)
static struct outcome last;

static void assert_printed(struct bytes output, const char *text)
{
	if (!strstr((const char *)output.data, text))
		fail_msg("\"%s\" is not in:\n%.4000s", text, (const char *)output.data);
}

static void a_vast_hole_is_passed_over(void **state)
{
	const char *vast = vast_checkpoint();

	(void)state;
	if (!vast)
		skip();
	run_vast(0, "search", vast, "needle at the");
	assert_printed(last.out, "13fffffff068"); /* BASE + 4 TiB - 4096 + 104 */
	run_vast(0, "search", "--physical", vast, "needle at the");
	assert_printed(last.out, "3fffffff068");
	run_vast(0, "strings", vast);
	assert_printed(last.out, "the needle at the very end");
	run_vast(0, "scan", vast);
	run_vast(1, "verify", vast); /* much is missing in it */
	run_vast(0, "diff", vast, vast);
}

static void who_looks_for_zeroes_is_told(void **state)
{
	const char *vast = vast_checkpoint();

	(void)state;
	if (!vast)
		skip();
	run_vast(4, "search", vast, "--hex", "00000000", "--count");
	assert_printed(last.err, "the pattern matches zeroes");
	run_vast(0, "search", vast, "--hex", "00 74 68 65 20 ??", "--count");
}

static void there_is_no_digest_and_it_is_told(void **state)
{
	const char *vast = vast_checkpoint(), *database = scratch_path("vast.db");

	(void)state;
	if (!vast)
		skip();
	run_vast(4, "manifest", vast);
	assert_printed(last.err, "pages-1.img: no SHA-256");
	assert_printed(last.out, "pstree.img");
	run_vast(4, "index", "-d", database, vast);
	assert_printed(last.out, "added");
	run_vast(4, "index", "-d", database, vast); /* what has no digest may be another one */
	assert_printed(last.out, "replaced");
}

static void a_core_has_the_hole(void **state)
{
	const char *vast = vast_checkpoint(), *core = scratch_path("core");
	struct stat st;

	(void)state;
	if (!vast)
		skip();
	run_vast(0, "core", vast, "-p", "7", "-o", core);
	assert_int_equal(stat(core, &st), 0);
	assert_true((uint64_t)st.st_size > VAST);
	assert_true(st.st_blocks * 512 < 4 << 20);
}

/* Of the archive itself there is no digest: it would be four terabytes of zeroes behind a checkpoint. */
static void a_hole_behind_an_archive_is_no_digest(void **state)
{
	const char *archive = scratch_path("vast.tar");

	(void)state;
	pack_directory(archive, NULL, sample_case("tree-criu4.2.1"), "");
	if (!vast_checkpoint() || truncate(archive, (off_t)VAST) < 0)
		skip();
	run_vast(0, "show", archive);
	run_vast(4, "manifest", archive);
	assert_printed(last.err, "vast.tar: not read as a whole, so no SHA-256");
	assert_printed(last.out, "pstree.img");
}

/* Hundreds of images that are nothing but a header and a hole: each would be read whole. */
static void images_of_holes_are_not_all_read(void **state)
{
	const char *directory = scratch_path("images");

	(void)state;
	if (!vast_checkpoint())
		skip();
	write_images("images", PAGE);
	close(make_pages("images", PAGE));
	for (uint32_t pid = 100; pid < 400; pid++) {
		write_pagemap("images", pid, 1, BASE, 1);
		assert_int_equal(truncate(scratch_path("images/pagemap-%u.img", pid), 250 << 20), 0);
	}
	run_vast(4, "decode", directory);
	assert_printed(last.err, "holes in images");
	run_vast(4, "search", "--physical", directory, "x");
}

/* --- holes or zeroes --------------------------------------------------------------------------------------------- */

enum { SIZE = 24 * SCAN_BLOCK };
static uint8_t content[SIZE];

/* Texts around and in stretches of zeroes, often just behind where a block begins. */
static void fill(uint64_t *seed)
{
	memset(content, 0, SIZE);
	for (size_t at = 0; at < SIZE;) {
		uint64_t dice = next_random(seed) >> 32;
		size_t step = 1 + dice % (dice & 1 << 20 ? 9 * SCAN_BLOCK : 2 * SCAN_BLOCK);

		at += step;
		if (dice & 1 << 21)
			at = (at / SCAN_BLOCK + 1) * SCAN_BLOCK + dice % 12;
		if (at + 64 < SIZE)
			memcpy(content + at, "needle-A then needle-B", 8 + dice % 15);
	}
}

/* The same bytes twice: once with every page of zeroes a hole, once without any. */
static void write_both(void)
{
	int holes, zeroes;

	write_images("sparse", SIZE);
	write_images("dense", SIZE);
	holes = make_pages("sparse", SIZE);
	zeroes = make_pages("dense", SIZE);
	assert_int_equal(pwrite(zeroes, content, SIZE, 0), SIZE);
	for (size_t at = 0; at < SIZE; at += PAGE)
		if (content[at] || memcmp(content + at, content + at + 1, PAGE - 1) != 0)
			assert_int_equal(pwrite(holes, content + at, PAGE, (off_t)at), PAGE);
	close(holes);
	close(zeroes);
}

static void assert_same_output(const char *const *words, const char *sparse, const char *dense)
{
	const char *left[8] = { words[0], sparse }, *right[8] = { words[0], dense };
	struct outcome a, b;

	for (size_t i = 1; words[i]; i++)
		left[i + 1] = right[i + 1] = words[i];
	a = run_words(left);
	b = run_words(right);
	assert_int_equal(a.status, b.status);
	if (!bytes_equal(a.out, b.out))
		fail_msg("%s %s:\n%.2000s\nis not\n%.2000s", words[0], words[1] ? words[1] : "",
			 (const char *)a.out.data, (const char *)b.out.data);
}

static void a_hole_reads_as_zeroes_do(void **state)
{
	static const char *const commands[][6] = {
		{ "search", "needle", "--format", "jsonl" },
		{ "search", "--regex", "needle-.{0,20}\\x00{3}", "--format", "jsonl" },
		{ "search", "--regex", "\\x00{5}needle", "--format", "jsonl" },
		{ "search", "--regex", "(?<=\\x00\\x00)n|(?<=e)\\x00", "--format", "jsonl" },
		{ "search", "needle", "--physical", "--format", "jsonl" },
		{ "strings", "--format", "jsonl" },
		{ "strings", "-e", "l", "--format", "jsonl" },
		{ "core", "-p", "7" },
		{ "manifest" },
	};
	const char *sparse = scratch_path("sparse"), *dense = scratch_path("dense");
	uint64_t seed = 1;

	(void)state;
	for (int round = 0; round < 4; round++) {
		struct outcome outcome;

		fill(&seed);
		write_both();
		for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
			assert_same_output(commands[i], sparse, dense);
		outcome = run("diff", sparse, dense, "--tables", "memory", NULL);
		assert_int_equal(outcome.status, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_vast_hole_is_passed_over),
		cmocka_unit_test(who_looks_for_zeroes_is_told),
		cmocka_unit_test(there_is_no_digest_and_it_is_told),
		cmocka_unit_test(a_core_has_the_hole),
		cmocka_unit_test(a_hole_behind_an_archive_is_no_digest),
		cmocka_unit_test(images_of_holes_are_not_all_read),
		cmocka_unit_test(a_hole_reads_as_zeroes_do),
	};

	return run_all(tests);
}
