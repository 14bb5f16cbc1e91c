/* What follows an entry: contents, by kind of image. */
#include "tests/support/read_image.h"

#include "decoders/image/extra.h"

enum {
	MAGIC_SK_QUEUES = 0x56264026,
	MAGIC_BPFMAP_DATA = 0x64324033,
};

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		READING(the_bytes_of_a_pipe_follow_its_entry),
		READING(the_bytes_of_a_pipe_that_are_cut_are_delivered),
		READING(a_queued_datagram_follows_its_entry),
		READING(both_queues_of_a_connection_follow_its_entry),
		READING(queues_whose_sum_wraps_are_cut),
		READING(keys_and_values_of_a_bpf_map_follow_its_entry),
		READING(semaphores_are_padded_to_eight_bytes),
		READING(shared_memory_follows_its_entry_padded_to_four),
		READING(shared_memory_in_pagemaps_does_not_follow),
		READING(shared_memory_of_any_size_is_cut_at_the_end),
		READING(queued_messages_follow_their_queue),
		READING(a_plain_ghost_file_reaches_to_the_end),
		READING(a_sparse_ghost_file_comes_in_chunks),
		READING(a_chunk_that_is_cut_is_told),
		READING(extras_of_a_big_endian_image_have_its_byte_order),
		READING(no_entry_is_guessed_behind_a_damaged_one_with_an_extra),
	};

	return run_all(tests);
}
