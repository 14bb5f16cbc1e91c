/* Images, entry by entry: headers, framing, what follows an entry, and what is left of damage. */
#include "tests/support/wire.h"

#include "decoders/image/extra.h"
#include "decoders/image/image.h"
#include "schema-messages.h"
#include "task.pb-c.h"

enum {
	MAGIC_PIPES_DATA = 0x56453709,
	MAGIC_SK_QUEUES = 0x56264026,
	MAGIC_TCP_STREAM = 0x51465506,
	MAGIC_BPFMAP_DATA = 0x64324033,
	MAGIC_GHOST_FILE = 0x52583605,
	MAGIC_IPC_SHM = 0x46283044,
	MAGIC_IPC_MSG = 0x55453737,
	MAGIC_IPC_SEM = 0x59573019,
};

static struct out image, payload;
static struct problems problems;
static struct image_reader reader;
static bool is_open;

static int begin(void **state)
{
	(void)state;
	out_init(&image, -1);
	out_init(&payload, -1);
	problems_init(&problems);
	is_open = false;
	return 0;
}

static int finish(void **state)
{
	(void)state;
	if (is_open)
		image_close(&reader);
	problems_deinit(&problems);
	out_deinit(&image);
	out_deinit(&payload);
	return 0;
}

static struct error *open_named(const char *name)
{
	struct error *error;

	if (is_open)
		image_close(&reader);
	error = image_open(out_held(&image), bytes_of(name), "ck", &problems, &reader);
	is_open = !error;
	return error;
}

static void open_image(const char *name)
{
	struct error *error = open_named(name);

	if (error)
		fail_msg("%s: %s", name, error->message);
}

/* The image does not open, for a reason that says WORDS. */
static void assert_no_image(const char *name, const char *words)
{
	struct error *error = open_named(name);

	assert_non_null(error);
	assert_int_equal(error->kind, ERROR_DAMAGED);
	assert_string_equal(error->image, name);
	if (!strstr(error->message, words))
		fail_msg("\"%s\" does not say \"%s\"", error->message, words);
	error_free(error);
}

static void put_task(uint32_t pid)
{
	for (uint64_t field = 1; field <= 4; field++)
		put_number(&payload, field, pid);
}

static void assert_task(uint32_t index, uint64_t offset, uint32_t pid)
{
	struct image_entry entry;

	assert_true(image_next(&reader, &entry));
	assert_int_equal(entry.index, index);
	assert_int_equal(entry.offset, offset);
	assert_int_equal(((const PstreeEntry *)entry.message)->pid, pid);
}

static void assert_end(void)
{
	struct image_entry entry;

	assert_false(image_next(&reader, &entry));
	assert_false(image_next(&reader, &entry));
}

/* The one problem: where it is, and that it says WORDS. */
static void assert_problem(uint32_t entry, uint64_t offset, const char *words)
{
	assert_int_equal(problems.n, 1);
	assert_int_equal(problems.items[0]->kind, ERROR_DAMAGED);
	assert_int_equal(problems.items[0]->entry, entry);
	assert_int_equal(problems.items[0]->offset, offset);
	assert_string_equal(problems.items[0]->source, "ck");
	if (!strstr(problems.items[0]->message, words))
		fail_msg("\"%s\" does not say \"%s\"", problems.items[0]->message, words);
}

/* --- headers ---------------------------------------------------------------------------------- */

static void an_ordinary_image_has_two_magics(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	put_task(7);
	put_entry(&image, &payload);
	open_image("pstree.img");
	assert_string_equal(reader.header.kind->name, "PSTREE");
	assert_int_equal(reader.header.first, FIRST_COMMON);
	assert_int_equal(reader.header.len, 8);
	assert_false(reader.header.big_endian);
	assert_task(0, 8, 7);
	assert_end();
	assert_int_equal(problems.n, 0);
}

static void an_inventory_has_one_magic(void **state)
{
	struct image_entry entry;

	(void)state;
	put_u32(&image, MAGIC_INVENTORY, false);
	put_number(&payload, 1, 2);
	put_entry(&image, &payload);
	open_image("inventory.img");
	assert_string_equal(reader.header.kind->name, "INVENTORY");
	assert_int_equal(reader.header.len, 4);
	assert_true(image_next(&reader, &entry));
	assert_int_equal(entry.offset, 4);
	assert_int_equal(problems.n, 0);
}

static void an_image_of_the_old_layout_has_one_magic(void **state)
{
	(void)state;
	put_u32(&image, MAGIC_PSTREE, false);
	put_task(7);
	put_entry(&image, &payload);
	open_image("pstree.img");
	assert_string_equal(reader.header.kind->name, "PSTREE");
	assert_int_equal(reader.header.first, FIRST_NONE);
	assert_task(0, 4, 7);
	assert_end();
}

static void statistics_have_the_service_magic(void **state)
{
	(void)state;
	put_u32(&image, 0x55105940, false);
	put_u32(&image, 0x57093306, false);
	open_image("stats-dump");
	assert_string_equal(reader.header.kind->name, "STATS");
	assert_int_equal(reader.header.first, FIRST_SERVICE);
	assert_end();
	assert_int_equal(problems.n, 0);
}

static void a_big_endian_image_is_read_as_such(void **state)
{
	(void)state;
	put_u32(&image, 0x54564319, true);
	put_u32(&image, MAGIC_PSTREE, true);
	put_task(300);
	put_u32(&image, (uint32_t)payload.len, true);
	out_bytes(&image, out_held(&payload));
	open_image("pstree.img");
	assert_true(reader.header.big_endian);
	assert_task(0, 8, 300); /* protobuf itself has no byte order */
	assert_end();
	assert_int_equal(problems.n, 0);
}

static void the_name_decides_between_kinds_of_one_magic(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PAGEMAP);
	open_image("d/pagemap-shmem-3.img");
	assert_string_equal(reader.header.kind->name, "SHMEM_PAGEMAP");
	open_image("pagemap-3.img");
	assert_string_equal(reader.header.kind->name, "PAGEMAP");
	open_image("renamed");
	assert_string_equal(reader.header.kind->name, "PAGEMAP");
}

static void raw_images_open_by_name_and_have_no_entries(void **state)
{
	(void)state;
	open_image("pages-1.img");
	assert_string_equal(reader.header.kind->name, "PAGES");
	assert_end();
	out_text(&image, "anything");
	open_image("iptables-9.img");
	assert_string_equal(reader.header.kind->name, "IPTABLES");
	assert_end();
	assert_int_equal(problems.n, 0);
}

static void an_unknown_magic_is_told(void **state)
{
	(void)state;
	put_magic(&image, 0x12345678);
	assert_no_image("new.img", "0x12345678");
	out_clear(&image);
	out_text(&image, "\x7f" "ELF....");
	assert_no_image("core-1.img", "0x464c457f");
}

static void too_few_bytes_are_told(void **state)
{
	(void)state;
	assert_no_image("core-1.img", "empty");
	out_text(&image, "abc");
	assert_no_image("core-1.img", "3 bytes");
}

/* The first magic alone: what is missing is the second, not an unknown 0x00000000. */
static void a_header_cut_in_half_is_told_as_too_short(void **state)
{
	(void)state;
	put_u32(&image, 0x54564319, false);
	assert_no_image("core-1.img", "too few");
	out_char(&image, 'x');
	assert_no_image("core-1.img", "too few");
}

static void images_are_recognised_by_content(void **state)
{
	(void)state;
	assert_false(image_has_magic(BYTES("")));
	assert_false(image_has_magic(BYTES("ustar  ")));
	assert_true(image_has_magic(BYTES("\x16\x31\x31\x58")));
	assert_true(image_has_magic(BYTES("\x58\x31\x31\x16")));
}

/* --- framing ---------------------------------------------------------------------------------- */

static void entries_are_counted_and_placed(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	for (uint32_t pid = 1; pid <= 3; pid++) {
		put_task(pid); /* 8 bytes, and 4 for the size */
		put_entry(&image, &payload);
	}
	open_image("pstree.img");
	assert_task(0, 8, 1);
	assert_task(1, 20, 2);
	assert_task(2, 32, 3);
	assert_end();
	assert_int_equal(problems.n, 0);
}

static void a_size_past_the_end_is_told_with_entry_and_offset(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	put_task(1);
	put_entry(&image, &payload);
	put_u32(&image, 70000, false);
	out_text(&image, "abc");
	open_image("pstree.img");
	assert_task(0, 8, 1);
	assert_end();
	assert_problem(1, 20, "length 70000 runs past the end, 3 left");
}

static void a_size_of_four_gigabytes_is_no_different(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	put_u32(&image, UINT32_MAX, false);
	open_image("pstree.img");
	assert_end();
	assert_problem(0, 8, "4294967295");
}

static void a_size_that_is_cut_is_told(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	out_text(&image, "abc");
	open_image("pstree.img");
	assert_end();
	assert_problem(0, 8, "3 bytes left");
}

static void entries_after_a_damaged_message_are_delivered(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	put_task(1);
	put_entry(&image, &payload);
	put_text(&payload, 1, "not a number");
	put_entry(&image, &payload);
	put_task(3);
	put_entry(&image, &payload);
	open_image("pstree.img");
	assert_task(0, 8, 1);
	assert_task(2, 38, 3); /* 20, and an entry of 4 + 14 bytes */
	assert_end();
	assert_problem(1, 24, "wire type");
}

static void a_missing_field_is_told_and_the_entry_delivered(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	put_number(&payload, 1, 9);
	put_number(&payload, 2, 9);
	put_number(&payload, 3, 9);
	put_entry(&image, &payload);
	open_image("pstree.img");
	assert_task(0, 8, 9);
	assert_end();
	assert_problem(0, 18, "sid is missing");
}

static void an_attack_in_an_image_is_told_with_its_entry(void **state)
{
	(void)state;
	put_u32(&image, MAGIC_INVENTORY, false);
	put_number(&payload, 1, 2);
	put_bytes(&payload, 12, NO_BYTES);
	put_bytes(&payload, 12, NO_BYTES);
	put_entry(&image, &payload);
	open_image("inventory.img");
	assert_end();
	assert_problem(0, 4 + 4 + 2 + 2, "again");
}

static void packed_numbers_that_are_cut_are_told(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	put_task(1);
	put_text(&payload, 5, "\x81"); /* threads, packed: a varint that goes on */
	put_entry(&image, &payload);
	open_image("pstree.img");
	assert_end();
	assert_problem(0, 12, "");
}

static void the_first_entry_of_a_pagemap_is_another_message(void **state)
{
	struct image_entry entry;

	(void)state;
	put_magic(&image, MAGIC_PAGEMAP);
	put_number(&payload, 1, 5);
	put_entry(&image, &payload);
	put_number(&payload, 1, 0x1000);
	put_number(&payload, 2, 1);
	put_entry(&image, &payload);
	open_image("pagemap-1.img");
	assert_true(image_next(&reader, &entry));
	assert_ptr_equal(entry.schema, &schema_pagemap_head);
	assert_true(image_next(&reader, &entry));
	assert_ptr_equal(entry.schema, &schema_pagemap_entry);
	assert_end();
	assert_int_equal(problems.n, 0);
}

/* --- what follows an entry -------------------------------------------------------------------- */

/* An image of one entry, PAYLOAD, followed by EXTRA; behind it, when whole, nothing else. */
static void start_extra(uint32_t magic, struct bytes extra, const char *name)
{
	out_clear(&image);
	put_magic(&image, magic);
	put_entry(&image, &payload);
	out_bytes(&image, extra);
	open_image(name);
}

static void assert_extra(struct bytes wanted, uint64_t content)
{
	struct image_entry entry;

	assert_true(image_next(&reader, &entry));
	assert_true(bytes_equal(entry.extra, wanted));
	assert_int_equal(entry.extra_payload, content);
	assert_end();
	assert_int_equal(problems.n, 0);
}

/* The entry is delivered with what is LEFT of its extra, and the problem says so. */
static void assert_extra_cut(struct bytes left)
{
	struct image_entry entry;

	assert_true(image_next(&reader, &entry));
	assert_true(bytes_equal(entry.extra, left));
	assert_end();
	assert_int_equal(problems.n, 1);
	assert_int_equal(problems.items[0]->entry, 0);
	assert_true(problems.items[0]->offset >= entry.offset + 4 + entry.payload.len);
	assert_true(problems.items[0]->offset <= image.len);
}

static void put_pipe_data(uint32_t bytes)
{
	put_number(&payload, 1, 7);
	put_number(&payload, 2, bytes);
}

static void the_bytes_of_a_pipe_follow_its_entry(void **state)
{
	struct image_entry entry;

	(void)state;
	put_magic(&image, MAGIC_PIPES_DATA);
	put_pipe_data(5);
	put_entry(&image, &payload);
	out_text(&image, "hello");
	put_pipe_data(0);
	put_entry(&image, &payload);
	put_pipe_data(2);
	put_entry(&image, &payload);
	out_text(&image, "yo");
	open_image("pipes-data.img");
	assert_true(image_next(&reader, &entry));
	assert_true(bytes_equal(entry.extra, BYTES("hello")));
	assert_true(image_next(&reader, &entry));
	assert_int_equal(entry.extra.len, 0);
	assert_true(image_next(&reader, &entry));
	assert_int_equal(entry.index, 2);
	assert_true(bytes_equal(entry.extra, BYTES("yo")));
	assert_end();
	assert_int_equal(problems.n, 0);
}

static void the_bytes_of_a_pipe_that_are_cut_are_delivered(void **state)
{
	(void)state;
	put_pipe_data(5);
	start_extra(MAGIC_PIPES_DATA, BYTES("hel"), "pipes-data.img");
	assert_extra_cut(BYTES("hel"));
}

static void a_queued_datagram_follows_its_entry(void **state)
{
	(void)state;
	put_number(&payload, 1, 7);
	put_number(&payload, 2, 3);
	start_extra(MAGIC_SK_QUEUES, BYTES("abc"), "sk-queues.img");
	assert_extra(BYTES("abc"), 3);
	put_number(&payload, 1, 7);
	put_number(&payload, 2, UINT32_MAX);
	start_extra(MAGIC_SK_QUEUES, BYTES("abc"), "sk-queues.img");
	assert_extra_cut(BYTES("abc"));
}

static void put_tcp(uint32_t in, uint32_t outq)
{
	put_number(&payload, 1, in);
	put_number(&payload, 2, 1);
	put_number(&payload, 3, outq);
	for (uint64_t field = 4; field <= 7; field++)
		put_number(&payload, field, 1);
}

static void both_queues_of_a_connection_follow_its_entry(void **state)
{
	struct image_entry entry;
	struct bytes in, outq;

	(void)state;
	put_tcp(3, 4);
	put_number(&payload, 12, 2); /* unsq_len is a part of the outq, not more bytes */
	start_extra(MAGIC_TCP_STREAM, BYTES("INQOUTQ"), "tcp-stream-1f.img");
	assert_true(image_next(&reader, &entry));
	tcp_stream_queues(entry.message, entry.extra, &in, &outq);
	assert_true(bytes_equal(in, BYTES("INQ")));
	assert_true(bytes_equal(outq, BYTES("OUTQ")));
	assert_int_equal(entry.extra_payload, 7);
	assert_end();
	assert_int_equal(problems.n, 0);
}

static void queues_whose_sum_wraps_are_cut(void **state)
{
	struct image_entry entry;
	struct bytes in, outq;

	(void)state;
	put_tcp(UINT32_MAX, UINT32_MAX);
	start_extra(MAGIC_TCP_STREAM, BYTES("abc"), "tcp-stream-1f.img");
	assert_extra_cut(BYTES("abc"));
	open_image("tcp-stream-1f.img");
	assert_true(image_next(&reader, &entry));
	tcp_stream_queues(entry.message, entry.extra, &in, &outq);
	assert_true(bytes_equal(in, BYTES("abc")));
	assert_int_equal(outq.len, 0);
}

static void put_bpfmap(uint32_t keys, uint32_t values)
{
	put_number(&payload, 1, 7);
	put_number(&payload, 2, keys);
	put_number(&payload, 3, values);
	put_number(&payload, 4, 1);
}

static void keys_and_values_of_a_bpf_map_follow_its_entry(void **state)
{
	(void)state;
	put_bpfmap(2, 3);
	start_extra(MAGIC_BPFMAP_DATA, BYTES("kkvvv"), "bpfmap-data.img");
	assert_extra(BYTES("kkvvv"), 5);
	put_bpfmap(2, 3);
	start_extra(MAGIC_BPFMAP_DATA, BYTES("kkv"), "bpfmap-data.img");
	assert_extra_cut(BYTES("kkv"));
}

static void put_ipc_desc(void)
{
	struct out desc;

	out_init(&desc, -1);
	for (uint64_t field = 1; field <= 7; field++)
		put_number(&desc, field, field);
	put_message(&payload, 1, &desc);
	out_deinit(&desc);
}

static void semaphores_are_padded_to_eight_bytes(void **state)
{
	(void)state;
	put_ipc_desc();
	put_number(&payload, 2, 3);
	start_extra(MAGIC_IPC_SEM, BYTES("aabbcc\0\0"), "ipcns-sem-1.img");
	assert_extra(BYTES("aabbcc\0\0"), 6);
	put_ipc_desc();
	put_number(&payload, 2, 3);
	start_extra(MAGIC_IPC_SEM, BYTES("aabbcc"), "ipcns-sem-1.img");
	assert_extra_cut(BYTES("aabbcc"));
}

static void shared_memory_follows_its_entry_padded_to_four(void **state)
{
	(void)state;
	put_ipc_desc();
	put_number(&payload, 2, 6);
	start_extra(MAGIC_IPC_SHM, BYTES("shared\0\0"), "ipcns-shm-1.img");
	assert_extra(BYTES("shared\0\0"), 6);
}

static void shared_memory_in_pagemaps_does_not_follow(void **state)
{
	(void)state;
	put_ipc_desc();
	put_number(&payload, 2, 6);
	put_number(&payload, 3, 1);
	start_extra(MAGIC_IPC_SHM, NO_BYTES, "ipcns-shm-1.img");
	assert_extra(NO_BYTES, 0);
}

static void shared_memory_of_any_size_is_cut_at_the_end(void **state)
{
	static const uint64_t sizes[] = { 9, UINT32_MAX, UINT64_MAX - 3, UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		put_ipc_desc();
		put_number(&payload, 2, sizes[i]);
		start_extra(MAGIC_IPC_SHM, BYTES("shared\0\0"), "ipcns-shm-1.img");
		assert_extra_cut(BYTES("shared\0\0"));
		problems_deinit(&problems);
	}
}

/* One queued message: its header as an entry of its own, then its bytes padded to 8. */
static void put_ipc_msg(struct out *extra, uint64_t type, struct bytes content)
{
	struct out header;

	out_init(&header, -1);
	put_number(&header, 1, type);
	put_number(&header, 2, content.len);
	put_entry(extra, &header);
	out_bytes(extra, content);
	out_repeat(extra, '\0', (8 - content.len % 8) % 8);
	out_deinit(&header);
}

static void put_queue(uint32_t n)
{
	put_ipc_desc();
	put_number(&payload, 2, 16384);
	put_number(&payload, 3, n);
}

static void queued_messages_follow_their_queue(void **state)
{
	struct out extra;

	(void)state;
	out_init(&extra, -1);
	put_ipc_msg(&extra, 7, BYTES("hello"));
	put_ipc_msg(&extra, 8, BYTES("12345678"));
	put_queue(2);
	start_extra(MAGIC_IPC_MSG, out_held(&extra), "ipcns-msg-1.img");
	/* two headers of 4 bytes, 13 bytes of content */
	assert_extra(out_held(&extra), 4 + 5 + 4 + 8);
	put_queue(3);
	start_extra(MAGIC_IPC_MSG, out_held(&extra), "ipcns-msg-1.img");
	assert_extra_cut(out_held(&extra));
	out_deinit(&extra);
}

static void put_ghost(bool chunks)
{
	for (uint64_t field = 1; field <= 3; field++)
		put_number(&payload, field, 1);
	if (chunks)
		put_number(&payload, 9, 1);
}

static void a_plain_ghost_file_reaches_to_the_end(void **state)
{
	(void)state;
	put_ghost(false);
	start_extra(MAGIC_GHOST_FILE, BYTES("what was in it"), "ghost-file-1.img");
	assert_extra(BYTES("what was in it"), 14);
	put_ghost(false);
	start_extra(MAGIC_GHOST_FILE, NO_BYTES, "ghost-file-1.img");
	assert_extra(NO_BYTES, 0);
}

static void put_chunk(struct out *extra, uint64_t len, uint64_t offset, struct bytes content)
{
	struct out header;

	out_init(&header, -1);
	put_number(&header, 1, len);
	put_number(&header, 2, offset);
	put_entry(extra, &header);
	out_bytes(extra, content);
	out_deinit(&header);
}

static void a_sparse_ghost_file_comes_in_chunks(void **state)
{
	struct ghost_chunk chunk;
	struct cursor cursor;
	struct out extra;

	(void)state;
	out_init(&extra, -1);
	put_chunk(&extra, 3, 0, BYTES("abc"));
	put_chunk(&extra, 2, 4096, BYTES("de"));
	put_ghost(true);
	start_extra(MAGIC_GHOST_FILE, out_held(&extra), "ghost-file-1.img");
	assert_extra(out_held(&extra), 5);
	cursor = cursor_over(out_held(&extra), false);
	assert_null(ghost_next_chunk(&cursor, &chunk));
	assert_int_equal(chunk.offset, 0);
	assert_true(bytes_equal(chunk.bytes, BYTES("abc")));
	assert_null(ghost_next_chunk(&cursor, &chunk));
	assert_int_equal(chunk.offset, 4096);
	assert_true(bytes_equal(chunk.bytes, BYTES("de")));
	assert_int_equal(cursor_left(&cursor), 0);
	out_deinit(&extra);
}

static void a_chunk_that_is_cut_is_told(void **state)
{
	static const uint64_t lengths[] = { 4, (uint64_t)1 << 40, UINT64_MAX };
	struct out extra;

	(void)state;
	out_init(&extra, -1);
	for (size_t i = 0; i < 3; i++) {
		out_clear(&extra);
		put_chunk(&extra, 3, 0, BYTES("abc"));
		put_chunk(&extra, lengths[i], 4096, BYTES("def"));
		put_ghost(true);
		start_extra(MAGIC_GHOST_FILE, out_held(&extra), "ghost-file-1.img");
		assert_extra_cut(out_held(&extra));
		problems_deinit(&problems);
	}
	out_deinit(&extra);
}

static void extras_of_a_big_endian_image_have_its_byte_order(void **state)
{
	struct image_entry entry;

	(void)state;
	put_ghost(true);
	put_u32(&image, 0x54564319, true);
	put_u32(&image, MAGIC_GHOST_FILE, true);
	put_u32(&image, (uint32_t)payload.len, true);
	out_bytes(&image, out_held(&payload));
	put_u32(&image, 4, true);
	out_text(&image, "\x08\x01\x10\x05x"); /* len 1, off 5, "x" */
	open_image("ghost-file-1.img");
	assert_true(image_next(&reader, &entry));
	assert_int_equal(entry.extra_payload, 1);
	assert_end();
	assert_int_equal(problems.n, 0);
}

static void no_entry_is_guessed_behind_a_damaged_one_with_an_extra(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PIPES_DATA);
	put_text(&payload, 1, "x");
	put_entry(&image, &payload);
	put_pipe_data(0);
	put_entry(&image, &payload);
	open_image("pipes-data.img");
	assert_end(); /* how much followed the first, nobody knows */
	assert_problem(0, 12, "wire type");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_ordinary_image_has_two_magics),
		TEST(an_inventory_has_one_magic),
		TEST(an_image_of_the_old_layout_has_one_magic),
		TEST(statistics_have_the_service_magic),
		TEST(a_big_endian_image_is_read_as_such),
		TEST(the_name_decides_between_kinds_of_one_magic),
		TEST(raw_images_open_by_name_and_have_no_entries),
		TEST(an_unknown_magic_is_told),
		TEST(too_few_bytes_are_told),
		TEST(a_header_cut_in_half_is_told_as_too_short),
		TEST(images_are_recognised_by_content),
		TEST(entries_are_counted_and_placed),
		TEST(a_size_past_the_end_is_told_with_entry_and_offset),
		TEST(a_size_of_four_gigabytes_is_no_different),
		TEST(a_size_that_is_cut_is_told),
		TEST(entries_after_a_damaged_message_are_delivered),
		TEST(a_missing_field_is_told_and_the_entry_delivered),
		TEST(an_attack_in_an_image_is_told_with_its_entry),
		TEST(packed_numbers_that_are_cut_are_told),
		TEST(the_first_entry_of_a_pagemap_is_another_message),
		TEST(the_bytes_of_a_pipe_follow_its_entry),
		TEST(the_bytes_of_a_pipe_that_are_cut_are_delivered),
		TEST(a_queued_datagram_follows_its_entry),
		TEST(both_queues_of_a_connection_follow_its_entry),
		TEST(queues_whose_sum_wraps_are_cut),
		TEST(keys_and_values_of_a_bpf_map_follow_its_entry),
		TEST(semaphores_are_padded_to_eight_bytes),
		TEST(shared_memory_follows_its_entry_padded_to_four),
		TEST(shared_memory_in_pagemaps_does_not_follow),
		TEST(shared_memory_of_any_size_is_cut_at_the_end),
		TEST(queued_messages_follow_their_queue),
		TEST(a_plain_ghost_file_reaches_to_the_end),
		TEST(a_sparse_ghost_file_comes_in_chunks),
		TEST(a_chunk_that_is_cut_is_told),
		TEST(extras_of_a_big_endian_image_have_its_byte_order),
		TEST(no_entry_is_guessed_behind_a_damaged_one_with_an_extra),
	};

	return run_all(tests);
}
