/*
 * carve: nothing leaves its directory, whatever names and sizes the evidence has; what is missing is told.
 * That contents are what they were is truth_contents_test's.
 */
#include "tests/support/handmade.h"
#include "tests/support/interrupt.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoders/base/size.h"

enum {
	MAGIC_GHOST_FILE = 0x52583605,
	MAGIC_PIPES_DATA = 0x56453709,
	MAGIC_MEMFD_INODE = 0x48453499,
	PAGE = 4096,
};

/* --- checkpoints made by hand --------------------------------------------------------------------------- */

static struct out image, payload;

static void begin_image(uint32_t magic)
{
	out_init(&image, -1);
	out_init(&payload, -1);
	put_magic(&image, magic);
}

static void end_image(const char *directory, const char *name)
{
	write_image(directory, name, &image);
	out_deinit(&image);
	out_deinit(&payload);
}

/* One task, pid 7, in a directory of that name; its path. */
static const char *make_checkpoint(const char *name)
{
	write_inventory(name);
	begin_image(MAGIC_PSTREE);
	put_pstree(&image, 7, 0);
	end_image(name, "pstree.img");
	write_core(name, 7, BYTES("task"));
	return scratch_path("%s", name);
}

/* A content in pipes-data.img, which is begun. */
static void put_pipe(uint32_t id, struct bytes content)
{
	put_number(&payload, 1, id);
	put_number(&payload, 2, content.len);
	put_entry(&image, &payload);
	out_bytes(&image, content);
}

/* The entry of a ghost image that is begun; SIZE 0: it does not say. */
static void put_ghost(uint32_t mode, bool chunks, uint64_t size)
{
	put_number(&payload, 1, 0);
	put_number(&payload, 2, 0);
	put_number(&payload, 3, mode);
	if (chunks)
		put_number(&payload, 9, 1);
	if (size)
		put_number(&payload, 10, size);
	put_entry(&image, &payload);
}

static void put_chunk(uint64_t start, struct bytes bytes)
{
	put_number(&payload, 1, bytes.len);
	put_number(&payload, 2, start);
	put_entry(&image, &payload);
	out_bytes(&image, bytes);
}

static void write_memfd(const char *directory, const char *name, uint64_t size, uint32_t shmid)
{
	begin_image(MAGIC_MEMFD_INODE);
	put_text(&payload, 1, name);
	put_number(&payload, 2, 0);
	put_number(&payload, 3, 0);
	put_number(&payload, 4, size);
	put_number(&payload, 5, shmid);
	put_number(&payload, 6, 0);
	put_number(&payload, 7, 1);
	put_entry(&image, &payload);
	end_image(directory, "memfd.img");
}

/* A run of a page map that is begun. */
static void put_run(uint64_t address, uint64_t n, uint32_t flags)
{
	put_number(&payload, 1, address);
	put_number(&payload, 2, 0);
	put_number(&payload, 4, flags);
	put_number(&payload, 5, n);
	put_entry(&image, &payload);
}

static void begin_pagemap(uint32_t pages_id)
{
	begin_image(MAGIC_PAGEMAP);
	put_number(&payload, 1, pages_id);
	put_entry(&image, &payload);
}

static void write_pages(const char *directory, const char *name, const char *letters)
{
	size_t n = strlen(letters);
	char *pages = malloc(n * PAGE);

	assert_non_null(pages);
	for (size_t i = 0; i < n; i++)
		memset(pages + i * PAGE, letters[i], PAGE);
	write_file(scratch_path("%s/%s", directory, name), pages, n * PAGE);
	free(pages);
}

/* --- what comes of them ------------------------------------------------------------------------------------- */

/* A directory that is not there yet. */
static const char *new_directory(void)
{
	static unsigned n;

	(void)scratch_path("x");
	return scratch_path("carved-%u", n++);
}

static struct outcome carve(const char *checkpoint, const char *directory)
{
	struct outcome outcome = run("carve", checkpoint, "-o", directory, NULL);

	assert_sane(outcome, "carve");
	return outcome;
}

/* The line of the manifest about FILE. */
static const char *row_of(const char *directory, const char *file)
{
	static char row[4096];
	const char *text = (const char *)read_file(scratch_path("%s/manifest.tsv", strrchr(directory, '/') + 1)).data;
	const char *line = strstr(text, file);

	if (!line)
		fail_msg("no row of %s in:\n%s", file, text);
	snprintf(row, sizeof(row), "%.*s", (int)strcspn(line, "\n"), line);
	return row;
}

static void assert_row(const char *directory, const char *file, const char *part)
{
	if (!strstr(row_of(directory, file), part))
		fail_msg("\"%s\" is not in \"%s\"", part, row_of(directory, file));
}

static struct bytes carved(const char *directory, const char *file)
{
	return read_file(scratch_path("%s/%s", strrchr(directory, '/') + 1, file));
}

/* Regular files of 0600, called by letters, digits, "-" and ".": N of them. */
static void assert_only_files(const char *directory, size_t n)
{
	DIR *entries = opendir(directory);
	const struct dirent *entry;
	size_t found = 0;

	assert_non_null(entries);
	while ((entry = readdir(entries))) {
		struct stat st;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		assert_int_equal(fstatat(dirfd(entries), entry->d_name, &st, AT_SYMLINK_NOFOLLOW), 0);
		assert_int_equal(st.st_mode, S_IFREG | 0600);
		assert_int_equal(st.st_nlink, 1);
		assert_int_equal(strspn(entry->d_name, "abcdefghijklmnopqrstuvwxyz0123456789-."),
				 strlen(entry->d_name));
		found++;
	}
	closedir(entries);
	assert_int_equal(found, n);
}

/* --- names ------------------------------------------------------------------------------------------------------ */

static void hostile_names_stay_in_the_manifest(void **state)
{
	static const struct tar_entry entries[] = {
		{ "../escaped", 'f', NULL, "1", 1 },
		{ "/tmp/coldcase-absolute", 'f', NULL, "2", 1 },
		{ "a/../../../escaped", 'f', NULL, "3", 1 },
		{ "new\nline\ttab", 'f', NULL, "4", 1 },
		{ "manifest.tsv", 'f', NULL, "5", 1 },
		{ "..", 'f', NULL, "6", 1 },
		{ "link", 'l', "/etc/passwd", NULL, 0 },
		{ "link/through", 'f', NULL, "7", 1 },
		{ "hard", 'h', "/etc/passwd", NULL, 0 },
		{ "\x1b[2J\xff", 'f', NULL, "8", 1 },
	};
	const char *checkpoint = make_checkpoint("names"), *directory = new_directory();
	static const char *const filters[] = { NULL, "gzip" };
	struct bytes manifest;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(filters); i++) {
		directory = new_directory();
		write_tar(scratch_path("names/rootfs-diff.tar"), filters[i], entries, ARRAY_SIZE(entries));
		carve(checkpoint, directory);
		assert_only_files(directory, 8 + 2);
		assert_int_equal(access(scratch_path("escaped"), F_OK), -1);
		assert_int_equal(access("/tmp/coldcase-absolute", F_OK), -1);
		assert_true(bytes_equal(carved(directory, "rootfs-0-0"), BYTES("1")));
		assert_true(bytes_equal(carved(directory, "rootfs-0-9"), BYTES("8")));
		assert_row(directory, "rootfs-0-3", "\t/new\\x0aline\\x09tab\t");
		manifest = carved(directory, "manifest.tsv");
		for (size_t k = 0; k < manifest.len; k++)
			assert_true(manifest.data[k] >= 0x20 || strchr("\n\t", manifest.data[k]));
	}
}

/* Where in the archive, decompressed, a file of it is. */
static uint64_t offset_of(const char *directory, const char *file)
{
	const char *cell = row_of(directory, file);

	for (int i = 0; i < 7; i++)
		cell = strchr(cell, '\t') + 1;
	return strtoull(cell, NULL, 0);
}

static void the_offset_in_the_archive_is_told(void **state)
{
	static const char *const filters[] = { NULL, "gzip" };
	const struct tar_entry entries[] = { { "dir", 'd', NULL, NULL, 0 },
					     { "dir/a", 'f', NULL, "content of a", 12 },
					     { "empty", 'f', NULL, "", 0 },
					     { "b", 'f', NULL, "that of b", 9 } };
	const char *checkpoint = make_checkpoint("offsets");
	struct bytes plain;

	(void)state;
	write_tar(scratch_path("plain.tar"), NULL, entries, ARRAY_SIZE(entries));
	plain = read_file(scratch_path("plain.tar"));
	for (size_t i = 0; i < ARRAY_SIZE(filters); i++) {
		const char *directory = new_directory();

		write_tar(scratch_path("offsets/rootfs-diff.tar"), filters[i], entries, ARRAY_SIZE(entries));
		assert_int_equal(carve(checkpoint, directory).status, 0);
		assert_only_files(directory, 3 + 2);
		assert_memory_equal(plain.data + offset_of(directory, "rootfs-0-1"), "content of a", 12);
		assert_memory_equal(plain.data + offset_of(directory, "rootfs-0-3"), "that of b", 9);
		assert_int_equal(carved(directory, "rootfs-0-2").len, 0);
	}
}

/* Status 3 would say that there was nothing to carve. */
static void an_archive_inside_that_is_none_is_damage(void **state)
{
	const char *checkpoint = make_checkpoint("noarchive"), *directory = new_directory();

	(void)state;
	begin_image(MAGIC_PIPES_DATA);
	put_pipe(5, BYTES("waiting"));
	end_image("noarchive", "pipes-data.img");
	write_file(scratch_path("noarchive/rootfs-diff.tar"), "no archive", 10);
	assert_int_equal(carve(checkpoint, directory).status, 4);
	assert_true(bytes_equal(carved(directory, "pipe-5"), BYTES("waiting")));
}

static void a_name_with_a_nul_is_escaped(void **state)
{
	const char *checkpoint = make_checkpoint("nul"), *directory = new_directory();

	(void)state;
	write_memfd("nul", "x", 0, 5);
	begin_image(MAGIC_MEMFD_INODE);
	put_bytes(&payload, 1, BYTES("../a\0/b"));
	for (uint64_t field = 2; field <= 7; field++)
		put_number(&payload, field, field == 5 ? 5 : 0);
	put_entry(&image, &payload);
	end_image("nul", "memfd.img");
	carve(checkpoint, directory);
	assert_only_files(directory, 1 + 2);
	assert_row(directory, "memfd-5", "\t../a\\x00/b\t");
}

static void what_repeats_itself_is_all_there(void **state)
{
	const char *checkpoint = make_checkpoint("twice"), *directory = new_directory();

	(void)state;
	begin_image(MAGIC_PIPES_DATA);
	put_pipe(3, BYTES("first"));
	put_pipe(3, BYTES("second"));
	end_image("twice", "pipes-data.img");
	assert_int_equal(carve(checkpoint, directory).status, 0);
	assert_only_files(directory, 2 + 2);
	assert_true(bytes_equal(carved(directory, "pipe-3"), BYTES("first")));
	assert_true(bytes_equal(carved(directory, "pipe-3-again-1"), BYTES("second")));
}

/* As everywhere else: the colons of an address are not that of a port. */
static void connections_have_addresses_in_brackets(void **state)
{
	const char *directory = new_directory();

	(void)state;
	assert_int_equal(carve("samples/podman.tar.zst", directory).status, 0);
	assert_row(directory, "tcp-416a-in", "\t[::1]:7111 - [::1]:42930\t");
	assert_row(directory, "tcp-4163-in", "\t127.0.0.1:41702 - 127.0.0.1:7110\t");
}

/* --- the directory -------------------------------------------------------------------------------------------------- */

static void assert_refused(const char *checkpoint, const char *directory, const char *why)
{
	struct outcome outcome = run("carve", checkpoint, "-o", directory, NULL);

	assert_int_equal(outcome.status, 2);
	if (!strstr((const char *)outcome.err.data, why))
		fail_msg("%s: %s", directory, (const char *)outcome.err.data);
}

static void only_a_new_or_empty_directory_will_do(void **state)
{
	const char *checkpoint = make_checkpoint("plain"), *directory = new_directory();
	struct stat st;

	(void)state;
	write_file(scratch_path("full/x"), "", 0);
	assert_int_equal(mkdir(scratch_path("empty"), 0755), 0);
	assert_int_equal(symlink(scratch_path("empty"), scratch_path("link")), 0);
	assert_refused(checkpoint, scratch_path("full"), "not empty");
	assert_refused(checkpoint, scratch_path("full/x"), "not a directory");
	assert_refused(checkpoint, scratch_path("link"), "not a directory");
	assert_refused(checkpoint, scratch_path("link/"), "not a directory");
	assert_refused(checkpoint, scratch_path("none/below"), "cannot make");
	assert_refused(checkpoint, scratch_path("plain/inside"), "in the evidence");
	assert_int_equal(access(scratch_path("plain/inside"), F_OK), -1);
	write_file(scratch_path("plain/sub/x"), "", 0);
	assert_refused(checkpoint, scratch_path("plain/sub/inside"), "in the evidence");
	assert_int_equal(run("carve", checkpoint, NULL).status, 2);
	assert_int_equal(rmdir(scratch_path("empty")), 0);
	assert_int_equal(carve(checkpoint, directory).status, 0);
	assert_int_equal(stat(directory, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_refused(checkpoint, directory, "not empty");
}

static void kinds_and_sizes_are_checked(void **state)
{
	const char *checkpoint = make_checkpoint("plain");
	struct outcome outcome = run("carve", checkpoint, "-o", new_directory(), "--what", "memfd,ghosts", NULL);

	(void)state;
	assert_int_equal(outcome.status, 2);
	assert_non_null(strstr((const char *)outcome.err.data, "did you mean"));
	assert_int_equal(run("carve", checkpoint, "-o", new_directory(), "--max-size", "1X", NULL).status, 2);
	assert_int_equal(run("carve", checkpoint, "-o", new_directory(), "--max-size", "-1", NULL).status, 2);
	assert_int_equal(run("carve", checkpoint, "-o", new_directory(), "--max-size", "99999999T", NULL).status,
			 2);
}

/* --- limits ----------------------------------------------------------------------------------------------------------- */

static const char *make_pipes(void)
{
	static uint8_t content[100000];
	const char *checkpoint = make_checkpoint("pipes");

	memset(content, 'x', sizeof(content));
	begin_image(MAGIC_PIPES_DATA);
	for (uint32_t i = 1; i <= 3; i++)
		put_pipe(i, (struct bytes){ content, sizeof(content) });
	end_image("pipes", "pipes-data.img");
	return checkpoint;
}

static void the_limit_of_all_sizes_is_told(void **state)
{
	const char *checkpoint = make_pipes(), *directory = new_directory();
	struct outcome outcome = run("carve", checkpoint, "-o", directory, "--max-size", "150000", NULL);

	(void)state;
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.err.data, "2 contents are left out or cut"));
	assert_only_files(directory, 2 + 2);
	assert_int_equal(carved(directory, "pipe-1").len, 100000);
	assert_int_equal(carved(directory, "pipe-2").len, 50000);
	assert_row(directory, "pipe-2", "\tno\t50000\tcut at --max-size");
}

static void a_disk_that_is_full_is_told(void **state)
{
	const char *checkpoint = make_pipes(), *directory = new_directory();
	const char *program = getenv("COLDCASE");
	char command[4096];
	int status;

	(void)state;
	snprintf(command, sizeof(command), "ulimit -f 100; exec '%s' carve '%s' -o '%s' > '%s' 2>&1",
		 program ? program : "build/coldcase", checkpoint, directory, scratch_path("said"));
	status = system(command);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 5);
	assert_non_null(strstr((const char *)read_file(scratch_path("said")).data, "cannot write"));
	assert_row(directory, "pipe-1", "\tno\t");
	assert_row(directory, "pipe-1", "could not be written");
}

/* --- ghosts -------------------------------------------------------------------------------------------------------------- */

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

/* --- sizes that no file can have --------------------------------------------------------------------------------------------- */

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

/* --- shared memory through a chain ------------------------------------------------------------------------------------------------ */

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

/* --- choosing ------------------------------------------------------------------------------------------------------------------------ */

static void assert_refused_process(struct outcome outcome)
{
	assert_int_equal(outcome.status, 2);
	assert_non_null(strstr((const char *)outcome.err.data, "there is no process 1 in it"));
}

static void kinds_and_processes_are_chosen(void **state)
{
	const char *checkpoint = sample_case("fds-criu4.2.1"), *directory = new_directory();

	(void)state;
	assert_int_equal(run("carve", checkpoint, "-o", directory, "--what", "ghost,fifo", NULL).status, 0);
	assert_only_files(directory, 3 + 1 + 2);
	directory = new_directory();
	assert_int_equal(run("carve", checkpoint, "-o", directory, "-p", "3035", NULL).status, 0);
	assert_row(directory, "shmem-", "\tyes\t");
	directory = new_directory();
	assert_refused_process(run("carve", checkpoint, "-o", directory, "-p", "3035,1", NULL));
	assert_only_files(directory, 0);
}

/* Files that are complete stay, with their rows; the one that is being written does not. */
static void an_interrupted_file_is_removed(void **state)
{
	enum { SIZE = 200 << 20 };
	const char *checkpoint = make_checkpoint("long"), *directory = scratch_path("long.d");
	uint8_t *content = malloc(SIZE);
	bool ended = false;

	(void)state;
	assert_non_null(content);
	memset(content, 'x', SIZE);
	begin_image(MAGIC_GHOST_FILE);
	put_ghost(S_IFREG | 0644, false, 0);
	out_write(&image, "short", 5);
	end_image("long", "ghost-file-1.img");
	begin_image(MAGIC_GHOST_FILE);
	put_ghost(S_IFREG | 0644, false, 0);
	out_write(&image, content, SIZE);
	end_image("long", "ghost-file-2.img");
	free(content);
	for (int tries = 0; tries < 20 && !ended; tries++) {
		unlink(scratch_path("long.d/ghost-1"));
		unlink(scratch_path("long.d/ghost-2"));
		unlink(scratch_path("long.d/manifest.tsv"));
		unlink(scratch_path("long.d/parts.tsv"));
		ended = interrupt(scratch_path("long.d/ghost-2"), "carve", checkpoint, "-o", directory);
	}
	assert_true(ended);
	assert_int_equal(-1, access(scratch_path("long.d/ghost-2"), F_OK));
	assert_true(bytes_equal(read_file(scratch_path("long.d/ghost-1")), BYTES("short")));
	assert_non_null(strstr((const char *)read_file(scratch_path("long.d/manifest.tsv")).data, "\nghost-1\t"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_names_stay_in_the_manifest),
		cmocka_unit_test(the_offset_in_the_archive_is_told),
		cmocka_unit_test(an_archive_inside_that_is_none_is_damage),
		cmocka_unit_test(a_name_with_a_nul_is_escaped),
		cmocka_unit_test(what_repeats_itself_is_all_there),
		cmocka_unit_test(only_a_new_or_empty_directory_will_do),
		cmocka_unit_test(kinds_and_sizes_are_checked),
		cmocka_unit_test(the_limit_of_all_sizes_is_told),
		cmocka_unit_test(a_disk_that_is_full_is_told),
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
		cmocka_unit_test(kinds_and_processes_are_chosen),
		cmocka_unit_test(connections_have_addresses_in_brackets),
		cmocka_unit_test(an_interrupted_file_is_removed),
	};

	return run_all(tests);
}
