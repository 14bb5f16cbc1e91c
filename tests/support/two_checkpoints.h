/*
 * Two checkpoints built by hand, "before" and "after", and what compares them. Included by the tests of
 * comparing.
 */
#pragma once

#include "tests/support/handmade.h"

#include "db/diff/comparison.h"
#include "decoders/base/size.h"

enum { PAGE = 4096, STATUS_ANON = 0x201, STATUS_HEAP = 0x221, STATUS_SHARED = 0x101 };

/* The directory that is being built: its tree of tasks, and the task that is being built. */
static char directory[32];
static unsigned scenario; /* each test has directories of its own */
static struct out pstree, mm, pagemap, pages, payload, files, fdinfo;
static uint32_t pages_id;

static struct checkpoint checkpoints[2];
static struct comparison comparison;

HELPER int set_up(void **state)
{
	struct out *outs[] = { &pstree, &mm, &pagemap, &pages, &payload, &files, &fdinfo };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(outs); i++)
		out_init(outs[i], -1);
	scenario++;
	return 0;
}

HELPER int tear_down(void **state)
{
	struct out *outs[] = { &pstree, &mm, &pagemap, &pages, &payload, &files, &fdinfo };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(outs); i++)
		out_deinit(outs[i]);
	return 0;
}

HELPER void begin(const char *name)
{
	snprintf(directory, sizeof(directory), "%u/%s", scenario, name);
	pages_id = 0;
	out_clear(&pstree);
	put_magic(&pstree, MAGIC_PSTREE);
	out_clear(&files);
	put_magic(&files, MAGIC_FILES);
	out_clear(&fdinfo);
	put_magic(&fdinfo, MAGIC_FDINFO);
	write_inventory(directory);
}

HELPER void begin_task(uint32_t pid, uint32_t ppid, const char *comm)
{
	put_pstree(&pstree, pid, ppid);
	write_core(directory, pid, bytes_of(comm));
	out_clear(&mm);
	put_mm(&mm, 0, 0);
	out_clear(&pagemap);
	put_magic(&pagemap, MAGIC_PAGEMAP);
	put_number(&payload, 1, ++pages_id);
	put_entry(&pagemap, &payload);
	out_clear(&pages);
}

HELPER void add_mapping(uint64_t start, uint64_t n_pages, uint64_t status)
{
	struct out vma;

	out_init(&vma, -1);
	put_number(&vma, 1, start);
	put_number(&vma, 2, start + n_pages * PAGE);
	put_number(&vma, 3, 0);
	put_number(&vma, 4, 0);
	put_number(&vma, 5, 3);
	put_number(&vma, 6, 0x22);
	put_number(&vma, 7, status);
	put_number(&vma, 8, 1);
	put_message(&mm, 14, &vma);
	out_deinit(&vma);
}

HELPER void add_run(uint64_t start, uint64_t n_pages, uint64_t flags)
{
	put_number(&payload, 1, start);
	put_number(&payload, 2, 0);
	put_number(&payload, 4, flags);
	put_number(&payload, 5, n_pages);
	put_entry(&pagemap, &payload);
}

/* A page for each letter, filled with it. */
HELPER void add_pages(uint64_t start, const char *letters)
{
	add_run(start, strlen(letters), PAGE_PRESENT);
	for (; *letters; letters++)
		out_repeat(&pages, *letters, PAGE);
}

HELPER void end_pages(uint32_t pid)
{
	char name[32];

	snprintf(name, sizeof(name), "pagemap-%u.img", pid);
	write_image(directory, name, &pagemap);
	snprintf(name, sizeof(name), "pages-%u.img", pages_id);
	write_image(directory, name, &pages);
}

HELPER void end_task(uint32_t pid)
{
	write_mm(directory, pid, &mm);
	end_pages(pid);
}

HELPER void finish(void)
{
	write_image(directory, "pstree.img", &pstree);
	write_image(directory, "files.img", &files);
}

/* A task without memory worth a word. */
HELPER void add_task(uint32_t pid, uint32_t ppid, const char *comm)
{
	begin_task(pid, ppid, comm);
	end_task(pid);
}

/* Opens what was built as "before" and "after". */
HELPER void compare(void)
{
	assert_null(checkpoint_open(scratch_path("%u/before", scenario), &checkpoints[0]));
	assert_null(checkpoint_open(scratch_path("%u/after", scenario), &checkpoints[1]));
	comparison_init(&checkpoints[0], &checkpoints[1], &comparison);
}

HELPER void done(void)
{
	comparison_deinit(&comparison);
	checkpoint_close(&checkpoints[0]);
	checkpoint_close(&checkpoints[1]);
}
