/* Archives that are small and become large: what they inflate to is not kept, and has an end; and very many members. */
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

#include "tests/support/handmade.h"

enum {
	BLOCK = 512,
	ZEROES = 16 << 20, /* of one gzip member */
	MOST_MEMORY = 640 << 10, /* KiB, of the program: a quarter of it is one image that is read whole */
#ifdef __SANITIZE_ADDRESS__
	MANY = 5000, /* all that is looked for there is in the first of them */
#else
	MANY = 100000,
#endif
};

/* The header of a member whose LEN bytes are to follow. */
static void put_header(struct out *out, const char *name, uint64_t len)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	uint8_t header[64 * BLOCK];
	size_t used = 0;

	archive_write_set_format_ustar(archive);
	archive_write_set_bytes_per_block(archive, 0);
	archive_write_open_memory(archive, header, sizeof(header), &used);
	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0600);
	archive_entry_set_size(entry, (int64_t)len);
	assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
	out_write(out, header, BLOCK);
	archive_entry_free(entry);
	archive_write_free(archive);
}

/* An inventory, and the header of a member of LEN bytes. */
static void put_start(struct out *out, const char *name, uint64_t len)
{
	struct bytes inventory;

	write_inventory("start");
	inventory = read_file(scratch_path("start/inventory.img"));
	put_header(out, "checkpoint/inventory.img", inventory.len);
	out_write(out, inventory.data, inventory.len);
	for (size_t i = inventory.len; i % BLOCK; i++)
		out_write(out, "", 1);
	put_header(out, name, len);
}

enum { RAW = 0, REPEATED = 1, LAST = 1, LARGEST = 128 << 10 };

static void put_zstd_block(struct out *out, unsigned type, size_t len, unsigned last)
{
	uint32_t head = (uint32_t)(len << 3 | type << 1 | last);
	uint8_t bytes[3] = { (uint8_t)head, (uint8_t)(head >> 8), (uint8_t)(head >> 16) };

	out_write(out, bytes, sizeof(bytes));
}

/* A zstd frame of blocks that say "this byte, so often": 32,768 bytes of zeroes a byte. */
static const char *write_zstd_bomb(const char *name, uint64_t len)
{
	static const uint8_t frame[] = { 0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38 }; /* a window of 128 KiB */
	const char *path = scratch_path("%s.tar.zst", name);
	struct out out, start;

	out_init(&out, -1);
	out_init(&start, -1);
	out_write(&out, frame, sizeof(frame));
	put_start(&start, name, len);
	put_zstd_block(&out, RAW, start.len, 0);
	out_write(&out, start.buffer, start.len);
	for (uint64_t i = 0; i < len / LARGEST; i++) {
		put_zstd_block(&out, REPEATED, LARGEST, 0);
		out_write(&out, "", 1);
	}
	put_zstd_block(&out, REPEATED, 2 * BLOCK, LAST);
	out_write(&out, "", 1);
	write_file(path, out.buffer, out.len);
	out_deinit(&out);
	out_deinit(&start);
	return path;
}

/* A gzip member, N times. */
static void put_gzipped(struct out *out, const void *data, size_t len, size_t n)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	size_t room = len / 100 + 64 * BLOCK, used = 0;
	uint8_t *bytes = malloc(room);

	archive_write_set_format_raw(archive);
	archive_write_add_filter_gzip(archive);
	archive_write_set_bytes_per_block(archive, 0);
	assert_int_equal(archive_write_open_memory(archive, bytes, room, &used), ARCHIVE_OK);
	archive_entry_set_filetype(entry, AE_IFREG);
	assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(archive, data, len), (la_ssize_t)len);
	assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
	for (size_t i = 0; i < n; i++)
		out_write(out, bytes, used);
	free(bytes);
	archive_entry_free(entry);
	archive_write_free(archive);
}

/* N gzip members one behind the other of nothing but zeroes; the last of them end the archive. */
static const char *write_gzip_bomb(const char *name, size_t n)
{
	const char *path = scratch_path("%s.tar.gz", name);
	uint8_t *zeroes = calloc(1, ZEROES);
	struct out out, start;

	out_init(&out, -1);
	out_init(&start, -1);
	put_start(&start, name, (uint64_t)n * ZEROES - 2 * (uint64_t)BLOCK);
	put_gzipped(&out, start.buffer, start.len, 1);
	put_gzipped(&out, zeroes, ZEROES, n);
	write_file(path, out.buffer, out.len);
	free(zeroes);
	out_deinit(&out);
	out_deinit(&start);
	return path;
}

static void assert_bounded(struct outcome outcome, int status, const char *said)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	if (outcome.status != status)
		fail_msg("status %d: %.1000s", outcome.status, (const char *)outcome.err.data);
	assert_non_null(strstr((const char *)outcome.out.data, "checkpoint"));
	if (said)
		assert_non_null(strstr((const char *)outcome.err.data, said));
#ifndef __SANITIZE_ADDRESS__
	if (usage.ru_maxrss > MOST_MEMORY)
		fail_msg("%ld KiB of memory", usage.ru_maxrss);
#endif
}

static void pages_of_zstd_have_an_end(void **state)
{
	const char *path = write_zstd_bomb("checkpoint/pages-1.img", (uint64_t)9 << 29);

	(void)state;
	assert_bounded(run("show", path, NULL), 4, "inflates to more than");
}

static void an_image_of_zstd_is_read_up_to_the_limit(void **state)
{
	const char *path = write_zstd_bomb("checkpoint/pstree.img", (uint64_t)1 << 30);

	(void)state;
	assert_bounded(run("show", path, NULL), 4, "pstree.img");
}

static void pages_of_gzip_are_passed(void **state)
{
	const char *path = write_gzip_bomb("checkpoint/pages-1.img", 24);

	(void)state;
	assert_bounded(run("show", path, NULL), 0, NULL);
}

static void an_image_of_gzip_is_read_up_to_the_limit(void **state)
{
	const char *path = write_gzip_bomb("checkpoint/pstree.img", 24);

	(void)state;
	assert_bounded(run("show", path, NULL), 4, "pstree.img");
}

static void a_document_is_read_up_to_the_limit(void **state)
{
	const char *path = write_gzip_bomb("config.dump", 24);

	(void)state;
	assert_bounded(run("show", path, NULL), 4, "config.dump");
}

static const char *write_many(const char *filter)
{
	struct tar_entry *entries = calloc(MANY + 1, sizeof(*entries));
	const char *path = scratch_path("many-%s.tar", filter ? filter : "plain");
	struct bytes inventory;

	write_inventory("many");
	inventory = read_file(scratch_path("many/inventory.img"));
	for (int i = 0; i < MANY; i++)
		entries[i] = (struct tar_entry){ scratch_path("d/%06d", i), 'f', NULL, "x", 1 };
	entries[MANY] = (struct tar_entry){ "checkpoint/inventory.img", 'f', NULL, inventory.data,
					    inventory.len };
	write_tar(path, filter, entries, MANY + 1);
	free(entries);
	return path;
}

static size_t lines_of(struct bytes text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += text.data[i] == '\n';
	return n;
}

static void many_members_are_listed(void **state)
{
	static const char *const filters[] = { NULL, "gzip" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const char *path = write_many(filters[i]);
		double start = seconds();

		assert_bounded(run("show", path, NULL), 0, NULL);
		assert_int_equal(lines_of(run("members", path, "-f", "jsonl", NULL).out), MANY + 1);
		assert_true(seconds() - start < 30); /* a second; with sanitizers and a busy machine more */
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_of_zstd_have_an_end),
		cmocka_unit_test(an_image_of_zstd_is_read_up_to_the_limit),
		cmocka_unit_test(pages_of_gzip_are_passed),
		cmocka_unit_test(an_image_of_gzip_is_read_up_to_the_limit),
		cmocka_unit_test(a_document_is_read_up_to_the_limit),
		cmocka_unit_test(many_members_are_listed),
	};

	return run_all(tests);
}
