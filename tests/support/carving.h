/*
 * Checkpoints made by hand that hold contents, and what carve makes of them. Included by the tests of carve.
 */
#pragma once

#include "tests/support/handmade.h"

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

HELPER void begin_image(uint32_t magic)
{
	out_init(&image, -1);
	out_init(&payload, -1);
	put_magic(&image, magic);
}

HELPER void end_image(const char *directory, const char *name)
{
	write_image(directory, name, &image);
	out_deinit(&image);
	out_deinit(&payload);
}

/* One task, pid 7, in a directory of that name; its path. */
HELPER const char *make_checkpoint(const char *name)
{
	write_inventory(name);
	begin_image(MAGIC_PSTREE);
	put_pstree(&image, 7, 0);
	end_image(name, "pstree.img");
	write_core(name, 7, BYTES("task"));
	return scratch_path("%s", name);
}

/* A content in pipes-data.img, which is begun. */
HELPER void put_pipe(uint32_t id, struct bytes content)
{
	put_number(&payload, 1, id);
	put_number(&payload, 2, content.len);
	put_entry(&image, &payload);
	out_bytes(&image, content);
}

/* The entry of a ghost image that is begun; SIZE 0: it does not say. */
HELPER void put_ghost(uint32_t mode, bool chunks, uint64_t size)
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

HELPER void put_chunk(uint64_t start, struct bytes bytes)
{
	put_number(&payload, 1, bytes.len);
	put_number(&payload, 2, start);
	put_entry(&image, &payload);
	out_bytes(&image, bytes);
}

HELPER void write_memfd(const char *directory, const char *name, uint64_t size, uint32_t shmid)
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
HELPER void put_run(uint64_t address, uint64_t n, uint32_t flags)
{
	put_number(&payload, 1, address);
	put_number(&payload, 2, 0);
	put_number(&payload, 4, flags);
	put_number(&payload, 5, n);
	put_entry(&image, &payload);
}

HELPER void begin_pagemap(uint32_t pages_id)
{
	begin_image(MAGIC_PAGEMAP);
	put_number(&payload, 1, pages_id);
	put_entry(&image, &payload);
}

HELPER void write_pages(const char *directory, const char *name, const char *letters)
{
	size_t n = strlen(letters);
	char *pages = malloc(n * PAGE);

	assert_non_null(pages);
	for (size_t i = 0; i < n; i++)
		memset(pages + i * PAGE, letters[i], PAGE);
	write_file(scratch_path("%s/%s", directory, name), pages, n * PAGE);
	free(pages);
}

/* --- what comes of them --------------------------------------------------------------------------------- */

/* A directory that is not there yet. */
HELPER const char *new_directory(void)
{
	static unsigned n;

	(void)scratch_path("x");
	return scratch_path("carved-%u", n++);
}

HELPER struct outcome carve(const char *checkpoint, const char *directory)
{
	struct outcome outcome = run("carve", checkpoint, "-o", directory, NULL);

	assert_sane(outcome, "carve");
	return outcome;
}

/* The line of the manifest about FILE. */
HELPER const char *row_of(const char *directory, const char *file)
{
	static char row[4096];
	const char *text = (const char *)read_file(scratch_path("%s/manifest.tsv", strrchr(directory, '/') + 1)).data;
	const char *line = strstr(text, file);

	if (!line)
		fail_msg("no row of %s in:\n%s", file, text);
	snprintf(row, sizeof(row), "%.*s", (int)strcspn(line, "\n"), line);
	return row;
}

HELPER void assert_row(const char *directory, const char *file, const char *part)
{
	if (!strstr(row_of(directory, file), part))
		fail_msg("\"%s\" is not in \"%s\"", part, row_of(directory, file));
}

HELPER struct bytes carved(const char *directory, const char *file)
{
	return read_file(scratch_path("%s/%s", strrchr(directory, '/') + 1, file));
}

/* Regular files of 0600, called by letters, digits, "-" and ".": N of them. */
HELPER void assert_only_files(const char *directory, size_t n)
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
