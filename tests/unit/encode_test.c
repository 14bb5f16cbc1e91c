/* JSON into images: documents written by hand against bytes put together by hand. */
#include "tests/support/wire.h"

#include <stdio.h>
#include <stdlib.h>

#include "decoders/image/decode.h"
#include "decoders/image/encode.h"

static struct out image, payload, inner;

static int begin(void **state)
{
	(void)state;
	out_init(&image, -1);
	out_init(&payload, -1);
	out_init(&inner, -1);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	out_deinit(&image);
	out_deinit(&payload);
	out_deinit(&inner);
	return 0;
}

/* Encodes; the message of the error or of the first problem, or NULL. */
static const char *encode(const char *text, struct out *ret)
{
	static char message[512];
	struct problems problems;
	struct error *error;

	problems_init(&problems);
	out_init(ret, -1);
	error = encode_image(bytes_of(text), &problems, ret);
	message[0] = '\0';
	if (error || problems.n)
		snprintf(message, sizeof(message), "%s",
			 error ? error->message : problems.items[0]->message);
	error_free(error);
	problems_deinit(&problems);
	return message[0] ? message : NULL;
}

/* The document must give what is in .image, which is emptied. */
static void assert_encoded(const char *text)
{
	struct out found;
	const char *message = encode(text, &found);

	if (message)
		fail_msg("%s", message);
	assert_int_equal(found.len, image.len);
	assert_memory_equal(found.buffer, image.buffer, image.len);
	out_deinit(&found);
	out_clear(&image);
}

/* In TEXT an @ stands in front of what is wrong. */
static void assert_refused(const char *text, const char *wanted)
{
	const char *mark = strchr(text, '@'), *line = mark;
	char clean[2048], place[512];
	size_t lines = 1;
	struct out found;
	const char *message;

	assert_non_null(mark);
	while (line > text && line[-1] != '\n')
		line--;
	for (const char *p = text; p < mark; p++)
		lines += *p == '\n';
	snprintf(clean, sizeof(clean), "%.*s%s", (int)(mark - text), text, mark + 1);
	snprintf(place, sizeof(place), "line %zu, column %zu: %s", lines, (size_t)(mark - line) + 1,
		 wanted);
	message = encode(clean, &found);
	assert_string_equal(message ? message : "", place);
	out_deinit(&found);
}

static void one_entry(uint32_t magic)
{
	put_magic(&image, magic);
	put_entry(&image, &payload);
}

enum {
	MAGIC_FILE_LOCKS = 0x54323616,
	MAGIC_VMAS = 0x54123737,
	MAGIC_PIPES_DATA = 0x56453709,
	MAGIC_TCP_STREAM = 0x51465506,
	MAGIC_SHM = 0x46283044,
	MAGIC_MSG = 0x55453737,
	MAGIC_SEM = 0x59573019,
	MAGIC_GHOST = 0x52583605,
	MAGIC_INETSK = 0x56443851,
	MAGIC_REMAP = 0x59133954,
};

/* --- fields ----------------------------------------------------------------------------------- */

static void fields_are_written_in_the_order_of_their_numbers(void **state)
{
	(void)state;
	put_number(&payload, 1, 1);
	put_number(&payload, 2, 0);
	put_number(&payload, 3, UINT32_MAX);
	put_number(&payload, 4, 300);
	put_number(&payload, 5, 12);
	put_number(&payload, 5, 13);
	one_entry(MAGIC_PSTREE);
	assert_encoded("{\"entries\": [{\"threads\": [12, 13], \"sid\": 300, \"pgid\": 4294967295,\n"
		       "\"ppid\": 0, \"pid\": 1}], \"magic\": \"PSTREE\"}\n");
}

static void no_entries_are_no_bytes(void **state)
{
	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	assert_encoded("{\"magic\": \"PSTREE\", \"entries\": []}");
}

static void put_lock(uint64_t start, uint64_t len)
{
	put_number(&payload, 1, 1);
	put_number(&payload, 2, 2);
	put_number(&payload, 3, (uint64_t)-5);
	put_number(&payload, 4, 3);
	put_number(&payload, 5, start);
	put_number(&payload, 6, len);
	one_entry(MAGIC_FILE_LOCKS);
}
#define LOCK(start, len)                                                                   \
	"{\"magic\": \"FILE_LOCKS\", \"entries\": [{\"flag\": 1, \"type\": 2, \"pid\": -5, " \
	"\"fd\": 3, \"start\": " start ", \"len\": " len "}]}"

static void numbers_are_exact_at_their_ends(void **state)
{
	(void)state;
	put_lock((uint64_t)INT64_MIN, INT64_MAX);
	assert_encoded(LOCK("-9223372036854775808", "9223372036854775807"));
	put_lock((uint64_t)INT64_MIN, (1ull << 53) + 1);
	assert_encoded(LOCK("\"-0x8000000000000000\"", "9007199254740993"));
	put_lock((uint64_t)-1, 255); /* as the readable form has a negative one */
	assert_encoded(LOCK("\"0xffffffffffffffff\"", "\"0xff\""));
	assert_refused(LOCK("@9223372036854775808", "0"),
		       "entries[0].start: 9223372036854775808 is out of range: "
		       "-9223372036854775808 to 9223372036854775807");
	put_number(&payload, 1, UINT64_MAX);
	put_number(&payload, 2, 0x8000000000000000);
	put_number(&payload, 3, 0);
	put_number(&payload, 4, 0);
	put_number(&payload, 5, 0);
	put_number(&payload, 6, 0);
	put_number(&payload, 7, 0x80000000);
	put_number(&payload, 8, 1); /* sint64: zigzag of -1 */
	one_entry(MAGIC_VMAS);
	assert_encoded("{\"magic\": \"VMAS\", \"entries\": [{\"start\": 18446744073709551615, "
		       "\"end\": 9223372036854775808, \"pgoff\": 0, \"shmid\": 0, \"prot\": 0, "
		       "\"flags\": 0, \"status\": 2147483648, \"fd\": -1}]}");
}

static void numbers_beyond_their_type_are_refused(void **state)
{
	(void)state;
	assert_refused("{\"magic\": \"PSTREE\", \"entries\": [{\"pid\": @4294967296}]}",
		       "entries[0].pid: 4294967296 is out of range: 0 to 4294967295");
	assert_refused("{\"magic\": \"PSTREE\", \"entries\": [{\"pid\": @-1}]}",
		       "entries[0].pid: -1 is out of range: 0 to 4294967295");
	assert_refused("{\"magic\": \"PSTREE\", \"entries\": [{\"pid\": @1.5}]}",
		       "entries[0].pid: an integer is wanted, not 1.5");
	assert_refused("{\"magic\": \"PSTREE\", \"entries\": [{\"pid\": @null}]}",
		       "entries[0].pid: an integer is wanted, not null");
	assert_refused("{\"magic\": \"PSTREE\", \"entries\": [{\"pid\": @18446744073709551616}]}",
		       "not JSON: a number beyond 64 bits");
	assert_refused("{\"magic\": \"PSTREE\", \"entries\": [{\"threads\": @5}]}",
		       "entries[0].threads: a list is wanted, not a number");
}

/* The image in .image, which is emptied, decodes with so many "$wire", and comes back in either form. */
static void assert_comes_back(size_t n_wire)
{
	for (int readable = 0; readable < 2; readable++) {
		struct decode_options options = { .readable = readable };
		struct image_reader reader;
		struct problems problems;
		struct out text, again;
		struct json json;
		size_t n = 0;

		problems_init(&problems);
		assert_null(image_open(out_held(&image), BYTES("x.img"), NULL, &problems, &reader));
		out_init(&text, -1);
		json_init(&json, &text, JSON_INDENTED);
		decode_image(&reader, &options, &json);
		out_char(&text, '\0');
		assert_int_equal(problems.n, 0);
		for (const char *p = text.buffer; (p = strstr(p, "$wire")); p++)
			n++;
		assert_int_equal(n, n_wire);
		if (encode(text.buffer, &again))
			fail_msg("%s", encode(text.buffer, &again));
		assert_int_equal(again.len, image.len);
		assert_memory_equal(again.buffer, image.buffer, image.len);
		out_deinit(&again);
		out_deinit(&text);
		image_close(&reader);
		problems_deinit(&problems);
	}
	out_clear(&image);
}

/* --- the readable form ------------------------------------------------------------------------ */

static void the_readable_form_is_understood(void **state)
{
	(void)state;
	put_number(&payload, 1, 0x400000);
	put_number(&payload, 2, 0x401000);
	put_number(&payload, 3, 4096);
	put_number(&payload, 4, 7);
	put_number(&payload, 5, 1 | 4 | 0x10);
	put_number(&payload, 6, 2);
	put_number(&payload, 7, 0);
	put_number(&payload, 8, 1);
	one_entry(MAGIC_VMAS);
	assert_encoded("{\"magic\": \"VMAS\", \"entries\": [{\"start\": \"0x400000\", \"end\": \"4198400\", "
		       "\"pgoff\": \"0x1000\", \"shmid\": 7, \"prot\": \"PROT_READ | PROT_EXEC | 0x10\", "
		       "\"flags\": \"MAP_PRIVATE\", \"status\": \"\", \"fd\": -1}]}");
	assert_refused("{\"magic\": \"VMAS\", \"entries\": [{\"prot\": @\"PROT_REED\"}]}",
		       "entries[0].prot: \"PROT_REED\" is no number, and no name of "
		       "one; did you mean \"PROT_READ\"?");
}

/* fown_entry, sk_opts_entry: what a socket needs */
static void put_needed(uint64_t field, uint64_t n)
{
	for (uint64_t i = 1; i <= n; i++)
		put_number(&inner, i, 0);
	put_message(&payload, field, &inner);
}
#define NEEDED                                                                                      \
	"\"fown\": {\"uid\": 0, \"euid\": 0, \"signum\": 0, \"pid_type\": 0, \"pid\": 0}, "          \
	"\"opts\": {\"so_sndbuf\": 0, \"so_rcvbuf\": 0, \"so_snd_tmo_sec\": 0, "                     \
	"\"so_snd_tmo_usec\": 0, \"so_rcv_tmo_sec\": 0, \"so_rcv_tmo_usec\": 0}"

static void put_socket(uint64_t word)
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

static const char *const socket_document =
	"{\"magic\": \"INETSK\", %s\"entries\": [{\"id\": 1, \"ino\": 99, \"family\": \"INET6\", "
	"\"type\": \"STREAM\", \"proto\": \"TCP\", \"state\": \"LISTEN\", \"src_port\": 80, "
	"\"dst_port\": 0, \"flags\": \"0x2\", \"backlog\": 5, \"src_addr\": [\"127.0.0.1\"], "
	"\"dst_addr\": [\"::1\"], " NEEDED "}]}";

static void addresses_and_names_are_understood(void **state)
{
	char text[2048];

	(void)state;
	put_socket(16777343); /* 7f 00 00 01 in the memory of a little-endian machine */
	one_entry(MAGIC_INETSK);
	snprintf(text, sizeof(text), socket_document, "");
	assert_encoded(text);
	put_socket(0x7f000001); /* ... of a big-endian one */
	put_u32(&image, 0x54564319, true);
	put_u32(&image, MAGIC_INETSK, true);
	put_u32(&image, (uint32_t)payload.len, true);
	out_bytes(&image, out_held(&payload));
	out_clear(&payload);
	snprintf(text, sizeof(text), socket_document, "\"$header\": {\"byte_order\": \"big\"}, ");
	assert_encoded(text);
	out_deinit(&image);
	assert_null(encode(text, &image));
	assert_comes_back(0);
}

static void enums_are_names_or_numbers(void **state)
{
	(void)state;
	for (uint64_t type = 1; type <= 1000; type += 999) {
		put_number(&payload, 1, 7);
		put_number(&payload, 2, 8);
		put_number(&payload, 3, type);
		put_entry(type == 1 ? (put_magic(&image, MAGIC_REMAP), &image) : &image, &payload);
	}
	assert_encoded("{\"magic\": \"REMAP_FPATH\", \"entries\": ["
		       "{\"orig_id\": 7, \"remap_id\": 8, \"remap_type\": \"GHOST\"}, "
		       "{\"orig_id\": 7, \"remap_id\": 8, \"remap_type\": 1000}]}");
	assert_refused("{\"magic\": \"REMAP_FPATH\", \"entries\": [{\"remap_type\": @\"GHOSTS\"}]}",
		       "entries[0].remap_type: there is no \"GHOSTS\"; did you mean \"GHOST\"?");
}

/* dev has 20 minor bits: 8:17. odev is the C library's: minor 0x12345 has its upper bits above. */
static void devices_are_understood(void **state)
{
	(void)state;
	put_number(&payload, 1, 0);
	put_number(&payload, 2, 0);
	put_number(&payload, 3, 0);
	put_number(&payload, 4, 8 << 20 | 17);
	put_number(&payload, 6, 0x12300000 | 5 << 8 | 0x45);
	one_entry(MAGIC_GHOST);
	assert_encoded("{\"magic\": \"GHOST_FILE\", \"entries\": [{\"uid\": 0, \"gid\": 0, \"mode\": 0, "
		       "\"dev\": \"8:17\", \"rdev\": \"5:74565\", \"extra\": \"\"}]}");
	assert_refused("{\"magic\": \"GHOST_FILE\", \"entries\": [{\"dev\": @\"8:1048576\"}]}",
		       "entries[0].dev: \"8:1048576\" is no number");
	assert_refused("{\"magic\": \"GHOST_FILE\", \"entries\": [{\"dev\": @\"8:\"}]}",
		       "entries[0].dev: \"8:\" is no number");
}

static void names_of_sockets_are_quoted_printable(void **state)
{
	struct out found;

	(void)state;
	assert_non_null(encode("{\"magic\": \"UNIXSK\", \"entries\": [{\"name\": "
			       "\"=00a=3Db=\\nc=E2=80=AE \"}]}", &found));
	/* 00 a = b c e2 80 ae and a space, behind magic, size, tag and length */
	assert_int_equal(found.len, 12 + 2 + 9);
	assert_memory_equal(found.buffer + 14, "\0a=bc\xe2\x80\xae ", 9);
	out_deinit(&found);
	assert_refused("{\"magic\": \"UNIXSK\", \"entries\": [{\"name\": @\"=0\"}]}",
		       "entries[0].name: this is not quoted-printable text");
}

/* --- text and bytes --------------------------------------------------------------------------- */

static void text_comes_back_whatever_it_is(void **state)
{
	(void)state;
	put_bytes(&payload, 1, BYTES("a\"\\\n\0\xc3\xa9\xf0\x9f\x98\x80"));
	put_bytes(&payload, 2, BYTES("\xff\xfe"));
	one_entry(MAGIC_UTSNS);
	assert_encoded("{\"magic\": \"UTSNS\", \"entries\": [{\"nodename\": "
		       "\"a\\\"\\\\\\n\\u0000\\u00e9\\ud83d\\ude00\", "
		       "\"domainname\": {\"$bytes\": \"//4=\\n\"}}]}");
	assert_refused("{\"magic\": \"UTSNS\", \"entries\": [{\"nodename\": {\"$bytes\": @\"//4\"}}]}",
		       "entries[0].nodename.$bytes: this is not base64");
	assert_refused("{\"magic\": \"UTSNS\", \"entries\": [{\"nodename\": {\"bytes\": @\"\"}}]}",
		       "entries[0].nodename.bytes: there is no \"bytes\"; did you mean "
		       "\"$bytes\"?");
	assert_refused("{\"magic\": \"UTSNS\", \"entries\": [{\"nodename\": @7}]}",
		       "entries[0].nodename: text or {\"$bytes\": ...} is wanted, not "
		       "a number");
}

static void unknown_fields_go_where_their_numbers_say(void **state)
{
	(void)state;
	put_text(&payload, 1, "n");
	put_text(&payload, 2, "d");
	put_varint(&payload, 1000 << 3);
	out_text(&payload, "\xac\x82"); /* 300, longer than it need be: ac 82 00 */
	out_char(&payload, '\0');
	put_varint(&payload, 1001 << 3 | 5);
	out_text(&payload, "ABCD");
	one_entry(MAGIC_UTSNS);
	assert_encoded("{\"magic\": \"UTSNS\", \"entries\": [{\"$unknown\": ["
		       "{\"field\": 1000, \"wire\": 0, \"bytes\": \"rIIA\"}, "
		       "{\"field\": 1001, \"wire\": 5, \"bytes\": \"QUJDRA==\\n\"}], "
		       "\"nodename\": \"n\", \"domainname\": \"d\"}]}");
	assert_refused("{\"magic\": \"UTSNS\", \"entries\": [{\"$unknown\": ["
		       "{\"field\": @2, \"wire\": 0, \"bytes\": \"AA==\"}]}]}",
		       "entries[0].$unknown[0].field: field 2 of utsns_entry is known");
	assert_refused("{\"magic\": \"UTSNS\", \"entries\": [{\"$unknown\": ["
		       "{\"field\": 20, \"wire\": 5, \"bytes\": @\"AA==\"}]}]}",
		       "entries[0].$unknown[0].bytes: not one value of wire type 5");
}

/* --- contents --------------------------------------------------------------------------------- */

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

static void put_desc(void)
{
	for (uint64_t i = 1; i <= 7; i++)
		put_number(&inner, i, i);
	put_message(&payload, 1, &inner);
}

static void semaphores_are_padded_numbers(void **state)
{
	(void)state;
	put_desc();
	put_number(&payload, 2, 3);
	one_entry(MAGIC_SEM);
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
	put_desc();
	put_number(&payload, 2, 3);
	put_number(&payload, 3, 1);
	one_entry(MAGIC_MSG);
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
	put_desc();
	put_number(&payload, 2, 3);
	one_entry(MAGIC_SHM);
	out_write(&image, "abc", 4);
	assert_encoded("{\"magic\": \"IPCNS_SHM\", \"entries\": [{" DESC "\"size\": 3, "
		       "\"extra\": \"YWJj\"}]}");
	put_desc();
	put_number(&payload, 2, 3);
	put_number(&payload, 3, 1);
	one_entry(MAGIC_SHM);
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
	one_entry(MAGIC_GHOST);
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

/* --- headers ---------------------------------------------------------------------------------- */

static void headers_are_as_they_were(void **state)
{
	(void)state;
	put_u32(&image, MAGIC_INVENTORY, false);
	assert_encoded("{\"magic\": \"INVENTORY\", \"entries\": []}");
	put_u32(&image, 0x55105940, false);
	put_u32(&image, 0x57093306, false);
	assert_encoded("{\"magic\": \"STATS\", \"entries\": []}");
	put_u32(&image, MAGIC_PSTREE, false);
	assert_encoded("{\"magic\": \"PSTREE\", \"$header\": {\"first\": \"none\"}, \"entries\": []}");
	put_u32(&image, MAGIC_PSTREE, true);
	assert_encoded("{\"magic\": \"PSTREE\", \"entries\": [], "
		       "\"$header\": {\"byte_order\": \"big\", \"first\": \"none\"}}");
	assert_refused("{\"magic\": \"PSTREE\", \"$header\": {\"byte_order\": @\"little\"}, \"entries\": []}",
		       "$header.byte_order: \"first\" is common, service or none, and "
		       "\"byte_order\" big");
}

/* --- $wire ------------------------------------------------------------------------------------ */

static void bytes_out_of_the_ordinary_must_agree_with_the_fields(void **state)
{
	(void)state;
	/* 10 00 00 00: size; 28 0c 28 0d 20 04 18 03 08 00 10 ff ff ff ff 0f */
	put_number(&payload, 5, 12);
	put_number(&payload, 5, 13);
	put_number(&payload, 4, 4);
	put_number(&payload, 3, 3);
	put_number(&payload, 1, 0);
	put_number(&payload, 2, UINT32_MAX);
	one_entry(MAGIC_PSTREE);
#define WIRE(pid, mark)                                                                              \
	"{\"magic\": \"PSTREE\", \"entries\": [{\"pid\": " pid ", \"ppid\": 4294967295, "         \
	"\"pgid\": 3, \"sid\": 4, \"threads\": [12, 13], "                                     \
	"\"$wire\": " mark "\"EAAAACgMKA0gBBgDCAAQ/////w8=\\n\"}]}"
	assert_encoded(WIRE("0", ""));
	assert_refused(WIRE("1", "@"), "entries[0].$wire: the fields say something else "
				  "than these bytes; without \"$wire\" the fields count");
}

static void contents_out_of_the_ordinary_come_back(void **state)
{
	(void)state;
	put_desc(); /* a queue: the fields of its message's header swapped, the padding no zeroes */
	put_number(&payload, 2, 3);
	put_number(&payload, 3, 1);
	one_entry(MAGIC_MSG);
	put_u32(&image, 4, false);
	put_number(&image, 2, 3);
	put_number(&image, 1, 9);
	out_write(&image, "abc-----", 8);
	assert_comes_back(1);
	put_desc(); /* a segment and a set with something in the padding */
	put_number(&payload, 2, 3);
	one_entry(MAGIC_SHM);
	out_text(&image, "abc-");
	assert_comes_back(1);
	put_desc();
	put_number(&payload, 2, 1);
	one_entry(MAGIC_SEM);
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
		one_entry(MAGIC_GHOST);
		for (uint64_t i = 0; i < 3; i++) {
			put_number(&payload, i == 1 ? 2 : 1, 4);
			put_number(&payload, i == 1 ? 1 : 2, 4);
			put_entry(&image, &payload);
			out_text(&image, "abcd");
		}
		assert_comes_back(swapped ? 2 : 1);
	}
}

/* --- what is no document ---------------------------------------------------------------------- */

static void broken_documents_are_refused_with_their_place(void **state)
{
	static const char *const rows[][2] = {
		{ "@", "not JSON: an object is wanted" },
		{ " @[1]", "not JSON: an object is wanted" },
		{ "{\"magic\": \"PSTREE\",\n \"entries\": [{\"pid\": 1,@}]}", "not JSON: unexpected character" },
		{ "{\"magic\": \"PSTREE\",\n \"entries\": [{},@]}", "not JSON: unexpected character" },
		{ "{\"magic\": \"PSTREE\",\n \"entries\": [{}@", "not JSON: it is cut off" },
		{ "{\"magic\": \"PSTREE\",\n \"entries\": [{@'pid': 1}]}", "not JSON: unexpected character" },
		{ "{\"magic\": \"UTSNS\", \"entries\": [{\"nodename\": \"@\\ud83dx\"}]}",
		  "not JSON: half a surrogate pair" },
		{ "{\"magic\": \"UTSNS\", \"entries\": [{\"nodename\": \"@\\uDe00\"}]}",
		  "not JSON: half a surrogate pair" },
		{ "{\"magic\": \"PSTREE\", \"entries\": []} @x", "not JSON: more text after its end" },
		{ "{\"magic\": \"PSTREE\", \"entries\": @{}}", "entries: a list is wanted" },
		{ "{\"magic\": @\"PSTREE\"}", "\"entries\" is missing" },
		{ "{\"entries\": @[]}", "\"magic\" is missing: not a document of decode" },
		{ "{\"magic\": @\"PSTREES\", \"entries\": []}", "magic: no kind of image is called that" },
		{ "{\"magic\": \"PSTREE\", \"entires\": @[]}",
		  "\"entires\" is no part of an image; did you mean \"entries\"?" },
		{ "{\"core-1.img\": @{}}", "\"core-1.img\" is no part of an image" },
		{ "{\"magic\": \"PSTREE\", \"entries\": [], \"entries\": @[]}", "\"entries\" is there twice" },
		{ "{\"magic\": \"PSTREE\", \"entries\": [@7]}",
		  "entries[0]: an object is wanted, not a number" },
		{ "{\"magic\": \"PSTREE\", \"entries\": [{\"pud\": @7}]}",
		  "entries[0].pud: there is no \"pud\"; did you mean \"pid\"?" },
		{ "{\"magic\": \"PSTREE\", \"entries\": [{\"extra\": @7}]}",
		  "entries[0].extra: there is no \"extra\"" },
		{ "{\"magic\": \"UTSNS\", \"entries\": [{\"nodename\": \"@\xff\"}]}",
		  "not JSON: invalid utf-8 string" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_refused(rows[i][0], rows[i][1]);
}

static void a_required_field_that_is_missing_is_told(void **state)
{
	struct out found;

	(void)state;
	assert_string_equal(encode("{\"magic\": \"PSTREE\", \"entries\": [{\"pid\": 1}]}", &found),
			    "entries[0]: the field ppid is missing, and others");
	assert_int_equal(found.len, 8 + 4 + 2); /* told, and written */
	out_deinit(&found);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, finish)
	static const struct CMUnitTest encode_tests[] = {
		TEST(fields_are_written_in_the_order_of_their_numbers),
		TEST(no_entries_are_no_bytes),
		TEST(numbers_are_exact_at_their_ends),
		TEST(numbers_beyond_their_type_are_refused),
		TEST(the_readable_form_is_understood),
		TEST(addresses_and_names_are_understood),
		TEST(enums_are_names_or_numbers),
		TEST(devices_are_understood),
		TEST(names_of_sockets_are_quoted_printable),
		TEST(text_comes_back_whatever_it_is),
		TEST(unknown_fields_go_where_their_numbers_say),
		TEST(contents_follow_their_entries),
		TEST(semaphores_are_padded_numbers),
		TEST(queued_messages_are_pairs),
		TEST(shared_memory_is_padded_unless_it_is_elsewhere),
		TEST(both_queues_of_a_connection_follow),
		TEST(sparse_files_have_chunks_for_entries),
		TEST(nothing_follows_a_content_without_a_length),
		TEST(raw_images_are_their_bytes),
		TEST(headers_are_as_they_were),
		TEST(bytes_out_of_the_ordinary_must_agree_with_the_fields),
		TEST(contents_out_of_the_ordinary_come_back),
		TEST(sparse_files_out_of_the_ordinary_come_back),
		TEST(broken_documents_are_refused_with_their_place),
		TEST(a_required_field_that_is_missing_is_told),
	};

	return run_all(encode_tests);
}
