/* JSON into images: what follows an entry, and whole files that are nothing else. */
#include "tests/support/encoding.h"

static void contents_follow_their_entries(void **state)
{
	(void)state;
	put_number(&payload, 1, 5);
	put_number(&payload, 2, 3);
	one_entry(MAGIC_PIPES_DATA);
	out_text(&image, "abc");
	assert_encoded("{\"magic\": \"PIPES_DATA\", \"entries\": [{\"pipe_id\": 5, \"bytes\": 3, "
		       "\"extra\": \"YWJj\\n\"}]}");
	assert_refused("{\"magic\": \"PIPES_DATA\", \"entries\": [\n{\"pipe_id\": 5, \"bytes\": 4,\n"
		       " \"extra\": @\"YWJj\\n\"}]}",
		       "entries[0].extra: 3 bytes, and the entry's fields say more");
	assert_refused("{\"magic\": \"PIPES_DATA\", \"entries\": [{\"pipe_id\": 5, \"bytes\": 2,\n"
		       " \"extra\": @\"YWJj\\n\"}]}",
		       "entries[0].extra: 3 bytes, and the entry's fields say less");
	assert_refused("{\"magic\": \"PIPES_DATA\", \"entries\": [@{\"pipe_id\": 5, \"bytes\": 2}]}",
		       "entries[0]: \"extra\" is missing");
	assert_refused("{\"magic\": \"PIPES_DATA\", \"entries\": [{\"pipe_id\": 5, \"bytes\": 2, "
		       "\"extra\": @\"... <2B>\"}]}",
		       "entries[0].extra: only the size of the content is there, as "
		       "--no-payload leaves it");
}

#define DESC                                                                                 \
	"\"desc\": {\"key\": 1, \"uid\": 2, \"gid\": 3, \"cuid\": 4, \"cgid\": 5, \"mode\": 6, " \
	"\"id\": 7}, "

static void semaphores_are_padded_numbers(void **state)
{
	(void)state;
	put_ipc_desc();
	put_number(&payload, 2, 3);
	one_entry(MAGIC_IPC_SEM);
	put_u16(&image, 1, false);
	put_u16(&image, 65535, false);
	put_u16(&image, 258, false);
	put_u16(&image, 0, false);
	assert_encoded("{\"magic\": \"IPCNS_SEM\", \"entries\": [{" DESC "\"nsems\": 3, "
		       "\"extra\": [1, 65535, 258]}]}");
	assert_refused("{\"magic\": \"IPCNS_SEM\", \"entries\": [{" DESC "\"nsems\": 3, "
		       "\"extra\": [1, @65536, 258]}]}",
		       "entries[0].extra[1]: 65536 is out of range: 0 to 65535");
	assert_refused("{\"magic\": \"IPCNS_SEM\", \"entries\": [{" DESC "\"nsems\": 3, "
		       "\"extra\": @[1, 2]}]}",
		       "entries[0].extra: 2 values, and nsems says 3");
}

/* u32 size, ipc_msg { mtype, msize }, the bytes padded to 8 */
static void queued_messages_are_pairs(void **state)
{
	(void)state;
	put_ipc_desc();
	put_number(&payload, 2, 3);
	put_number(&payload, 3, 1);
	one_entry(MAGIC_IPC_MSG);
	put_u32(&image, 4, false);
	put_number(&image, 1, 9);
	put_number(&image, 2, 3);
	out_write(&image, "abc\0\0\0\0\0", 8);
#define QUEUE(size, content)                                                               \
	"{\"magic\": \"IPCNS_MSG\", \"entries\": [{" DESC "\"qbytes\": 3, \"qnum\": 1, "         \
	"\"extra\": [{\"mtype\": 9, \"msize\": " size "}, " content "]}]}"
	assert_encoded(QUEUE("3", "\"YWJj\\n\""));
	assert_refused(QUEUE("4", "@\"YWJj\\n\""),
		       "entries[0].extra[1]: 3 bytes, and msize says 4");
}

static void shared_memory_is_padded_unless_it_is_elsewhere(void **state)
{
	(void)state;
	put_ipc_desc();
	put_number(&payload, 2, 3);
	one_entry(MAGIC_IPC_SHM);
	out_write(&image, "abc", 4);
	assert_encoded("{\"magic\": \"IPCNS_SHM\", \"entries\": [{" DESC "\"size\": 3, "
		       "\"extra\": \"YWJj\"}]}");
	put_ipc_desc();
	put_number(&payload, 2, 3);
	put_number(&payload, 3, 1);
	one_entry(MAGIC_IPC_SHM);
	assert_encoded("{\"magic\": \"IPCNS_SHM\", \"entries\": [{" DESC "\"size\": 3, "
		       "\"in_pagemaps\": true, \"extra\": \"\"}]}");
}

static void both_queues_of_a_connection_follow(void **state)
{
	(void)state;
	for (uint64_t i = 1; i <= 6; i++)
		put_number(&payload, i, i == 1 ? 2 : i == 3 ? 1 : 0);
	put_number(&payload, 7, 1460);
	one_entry(MAGIC_TCP_STREAM);
	out_text(&image, "abc");
#define QUEUES(out)                                                                        \
	"{\"magic\": \"TCP_STREAM\", \"entries\": [{\"inq_len\": 2, \"inq_seq\": 0, "            \
	"\"outq_len\": 1, \"outq_seq\": 0, \"opt_mask\": 0, \"snd_wscale\": 0, "             \
	"\"mss_clamp\": 1460, \"extra\": {\"inq\": \"YWI=\\n\", \"outq\": " out "}}]}"
	assert_encoded(QUEUES("\"Yw==\\n\""));
	assert_refused(QUEUES("@\"\""), "entries[0].extra.outq: 0 bytes, and outq_len says 1");
}

static void sparse_files_have_chunks_for_entries(void **state)
{
	(void)state;
	put_number(&payload, 1, 0);
	put_number(&payload, 2, 0);
	put_number(&payload, 3, 0100644);
	put_number(&payload, 9, 1);
	one_entry(MAGIC_GHOST_FILE);
	put_number(&payload, 1, 3);
	put_number(&payload, 2, 4096);
	put_entry(&image, &payload);
	out_text(&image, "abc");
	assert_encoded("{\"magic\": \"GHOST_FILE\", \"entries\": [{\"uid\": 0, \"gid\": 0, "
		       "\"mode\": 33188, \"chunks\": true}, "
		       "{\"len\": 3, \"off\": 4096, \"extra\": \"YWJj\\n\"}]}");
	assert_refused("{\"magic\": \"GHOST_FILE\", \"entries\": [{\"uid\": 0, \"gid\": 0, "
		       "\"mode\": 33188, \"chunks\": true}, {\"len\": 4, \"off\": 0, \"extra\": @\"YWJj\"}]}",
		       "entries[1].extra: 3 bytes, and len says 4");
}

static void nothing_follows_a_content_without_a_length(void **state)
{
	(void)state;
#define GHOST "{\"uid\": 0, \"gid\": 0, \"mode\": 0, \"extra\": \"\"}"
	assert_refused("{\"magic\": \"GHOST_FILE\", \"entries\": [" GHOST ", @" GHOST "]}",
		       "entries[1]: the content of the entry before goes on to the end: nothing can "
		       "follow");
}

static void raw_images_are_their_bytes(void **state)
{
	(void)state;
	out_text(&image, "anything");
	assert_encoded("{\"magic\": \"ROUTE\", \"raw\": \"YW55dGhpbmc=\\n\"}");
	assert_encoded("{\"magic\": \"PAGES\", \"raw\": \"\"}");
	assert_refused("{\"magic\": @\"PAGES\", \"entries\": []}",
		       "images of the kind PAGES have only \"raw\"");
}

/* --- $wire ------------------------------------------------------------------------------------ */

static void contents_out_of_the_ordinary_come_back(void **state)
{
	(void)state;
	put_ipc_desc(); /* a queue: the fields of its message's header swapped, the padding no zeroes */
	put_number(&payload, 2, 3);
	put_number(&payload, 3, 1);
	one_entry(MAGIC_IPC_MSG);
	put_u32(&image, 4, false);
	put_number(&image, 2, 3);
	put_number(&image, 1, 9);
	out_write(&image, "abc-----", 8);
	assert_comes_back(1);
	put_ipc_desc(); /* a segment and a set with something in the padding */
	put_number(&payload, 2, 3);
	one_entry(MAGIC_IPC_SHM);
	out_text(&image, "abc-");
	assert_comes_back(1);
	put_ipc_desc();
	put_number(&payload, 2, 1);
	one_entry(MAGIC_IPC_SEM);
	out_text(&image, "12345678");
	assert_comes_back(1);
}

static void sparse_files_out_of_the_ordinary_come_back(void **state)
{
	(void)state;
	for (int swapped = 0; swapped < 2; swapped++) {
		put_number(&payload, swapped ? 3 : 1, 7);
		put_number(&payload, 2, 7);
		put_number(&payload, swapped ? 1 : 3, 7);
		put_number(&payload, 9, 1);
		one_entry(MAGIC_GHOST_FILE);
		for (uint64_t i = 0; i < 3; i++) {
			put_number(&payload, i == 1 ? 2 : 1, 4);
			put_number(&payload, i == 1 ? 1 : 2, 4);
			put_entry(&image, &payload);
			out_text(&image, "abcd");
		}
		assert_comes_back(swapped ? 2 : 1);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(contents_follow_their_entries),
		TEST(semaphores_are_padded_numbers),
		TEST(queued_messages_are_pairs),
		TEST(shared_memory_is_padded_unless_it_is_elsewhere),
		TEST(both_queues_of_a_connection_follow),
		TEST(sparse_files_have_chunks_for_entries),
		TEST(nothing_follows_a_content_without_a_length),
		TEST(raw_images_are_their_bytes),
		TEST(contents_out_of_the_ordinary_come_back),
		TEST(sparse_files_out_of_the_ordinary_come_back),
	};

	return run_all(tests);
}
