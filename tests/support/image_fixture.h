/* An image that a test puts together, entry by entry. Included by the tests that need it. */
#pragma once

#include "tests/support/wire.h"

enum {
	MAGIC_PIPES_DATA = 0x56453709,
	MAGIC_TCP_STREAM = 0x51465506,
	MAGIC_INETSK = 0x56443851,
	MAGIC_GHOST_FILE = 0x52583605,
	MAGIC_IPC_SHM = 0x46283044,
	MAGIC_IPC_MSG = 0x55453737,
	MAGIC_IPC_SEM = 0x59573019,
};

/* The image; the entry that is being put together; a message in that. */
static struct out image, payload, inner;

HELPER int begin(void **state)
{
	(void)state;
	out_init(&image, -1);
	out_init(&payload, -1);
	out_init(&inner, -1);
	return 0;
}

HELPER int finish(void **state)
{
	(void)state;
	out_deinit(&image);
	out_deinit(&payload);
	out_deinit(&inner);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

HELPER void one_entry(uint32_t magic)
{
	put_magic(&image, magic);
	put_entry(&image, &payload);
}

/* desc, the first field of System V's objects: 1 to 7 */
HELPER void put_ipc_desc(void)
{
	for (uint64_t field = 1; field <= 7; field++)
		put_number(&inner, field, field);
	put_message(&payload, 1, &inner);
}

/* fown_entry, sk_opts_entry: what a socket needs */
HELPER void put_needed(uint64_t field, uint64_t n)
{
	for (uint64_t i = 1; i <= n; i++)
		put_number(&inner, i, 0);
	put_message(&payload, field, &inner);
}

/* WORD is 127.0.0.1 in the byte order of a machine; the peer is ::1 in it. */
HELPER void put_socket(uint64_t word)
{
	static const uint64_t numbers[] = { 1, 99, 10, 1, 6, 10, 80, 0, 2, 5 };

	for (uint64_t i = 0; i < 10; i++)
		put_number(&payload, i + 1, numbers[i]);
	put_number(&payload, 11, word);
	for (int i = 0; i < 3; i++)
		put_number(&payload, 12, 0);
	put_number(&payload, 12, word == 16777343 ? 0x01000000 : 1); /* ::1 */
	put_needed(13, 5);
	put_needed(14, 6);
}
