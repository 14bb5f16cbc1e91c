/*
 * Checkpoints built by hand, image by image, with whatever names and numbers a test wants.
 * Included by the tests that need it.
 */
#pragma once

#include "tests/support/wire.h"

#include <stdio.h>
#include <sys/resource.h>

/* Each writes an image of one entry into DIRECTORY, and empties PAYLOAD. */
HELPER void write_entry(const char *directory, const char *name, uint32_t magic,
			struct out *payload)
{
	struct out image;

	out_init(&image, -1);
	put_magic(&image, magic);
	put_entry(&image, payload);
	write_image(directory, name, &image);
	out_deinit(&image);
}

HELPER void write_inventory_of(const char *directory, uint32_t version)
{
	struct out image, payload;

	out_init(&image, -1);
	out_init(&payload, -1);
	put_u32(&image, MAGIC_INVENTORY, false);
	put_number(&payload, 1, version);
	if (version)
		put_number(&payload, 2, 1); /* fdinfo_per_id */
	put_entry(&image, &payload);
	write_image(directory, "inventory.img", &image);
	out_deinit(&image);
	out_deinit(&payload);
}

HELPER void write_inventory(const char *directory)
{
	write_inventory_of(directory, 2);
}

/* That of a pre-dump says little more than that it is one. */
HELPER void write_predump_inventory(const char *directory)
{
	write_inventory_of(directory, 0);
}

/* An entry of pstree.img. */
HELPER void put_pstree(struct out *image, uint32_t pid, uint32_t ppid)
{
	struct out payload;

	out_init(&payload, -1);
	put_number(&payload, 1, pid);
	put_number(&payload, 2, ppid);
	put_number(&payload, 3, pid);
	put_number(&payload, 4, pid);
	put_number(&payload, 5, pid);
	put_entry(image, &payload);
	out_deinit(&payload);
}

/* The core of a task that is alive; its open files are in fdinfo-PID. */
HELPER void write_core(const char *directory, uint32_t pid, struct bytes comm)
{
	struct out payload, inner;
	char name[32];

	out_init(&payload, -1);
	out_init(&inner, -1);
	put_number(&payload, 1, 1); /* x86_64 */
	put_number(&inner, 1, 1);   /* alive */
	for (uint64_t field = 2; field <= 5; field++)
		put_number(&inner, field, 0);
	put_bytes(&inner, 6, comm);
	put_message(&payload, 3, &inner);
	for (uint64_t field = 1; field <= 4; field++)
		put_number(&inner, field, pid);
	put_message(&payload, 4, &inner);
	snprintf(name, sizeof(name), "core-%u.img", pid);
	write_entry(directory, name, MAGIC_CORE, &payload);
	out_deinit(&payload);
	out_deinit(&inner);
}

/* One mapping of an mm image. */
HELPER void put_vma(struct out *mm, uint64_t start, uint64_t end)
{
	struct out vma;

	out_init(&vma, -1);
	put_number(&vma, 1, start);
	put_number(&vma, 2, end);
	put_number(&vma, 3, 0);
	put_number(&vma, 4, 0);
	put_number(&vma, 5, 3);
	put_number(&vma, 6, 0x22);
	put_number(&vma, 7, 0x201); /* regular, private and anonymous */
	put_number(&vma, 8, 1);	    /* -1 */
	put_message(mm, 14, &vma);
	out_deinit(&vma);
}

/* The numbers of an mm image whose arguments are at [START, END), as is its environment. */
HELPER void put_mm(struct out *mm, uint64_t start, uint64_t end)
{
	for (uint64_t field = 1; field <= 7; field++)
		put_number(mm, field, 0x1000);
	put_number(mm, 8, start);
	put_number(mm, 9, end);
	put_number(mm, 10, start);
	put_number(mm, 11, end);
	put_number(mm, 12, 1);
}

HELPER void write_mm(const char *directory, uint32_t pid, struct out *mm)
{
	char name[32];

	snprintf(name, sizeof(name), "mm-%u.img", pid);
	write_entry(directory, name, MAGIC_MM, mm);
}

/* A pagemap of one run of present pages, in pages-PAGES_ID.img. */
HELPER void write_pagemap(const char *directory, uint32_t pid, uint32_t pages_id, uint64_t address,
			  uint64_t n)
{
	struct out image, payload;
	char name[32];

	out_init(&image, -1);
	out_init(&payload, -1);
	put_magic(&image, MAGIC_PAGEMAP);
	put_number(&payload, 1, pages_id);
	put_entry(&image, &payload);
	put_number(&payload, 1, address);
	put_number(&payload, 2, 0);
	put_number(&payload, 4, 4);
	put_number(&payload, 5, n);
	put_entry(&image, &payload);
	snprintf(name, sizeof(name), "pagemap-%u.img", pid);
	write_image(directory, name, &image);
	out_deinit(&image);
	out_deinit(&payload);
}

static double used(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* CPU time of this program and of what it ran: a busy machine must not fail a test. */
HELPER double seconds(void)
{
	return used(RUSAGE_SELF) + used(RUSAGE_CHILDREN);
}

/* Not killed, not found faulty by a sanitizer, in time, and with a status that may be. */
HELPER void assert_sane(struct outcome outcome, const char *what)
{
	if (outcome.status == 0 || outcome.status == 3 || outcome.status == 4)
		return;
	fail_msg("%s: status %d: %.2000s", what, outcome.status, (const char *)outcome.err.data);
}

/* No byte that could drive a terminal, and valid UTF-8; *ret_line is the line that has one. */
HELPER void assert_quiet(struct bytes output, const char *what)
{
	for (size_t i = 0; i < output.len; i++)
		if ((output.data[i] < 0x20 && output.data[i] != '\n') || output.data[i] == 0x7f)
			fail_msg("%s: byte 0x%02x at %zu of the output", what, output.data[i], i);
}
