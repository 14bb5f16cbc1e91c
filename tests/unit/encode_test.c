/* JSON into images: documents written by hand against bytes put together by hand. */
#include "tests/support/encoding.h"

enum {
	MAGIC_FILE_LOCKS = 0x54323616,
	MAGIC_VMAS = 0x54123737,
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

#define NEEDED                                                                                      \
	"\"fown\": {\"uid\": 0, \"euid\": 0, \"signum\": 0, \"pid_type\": 0, \"pid\": 0}, "          \
	"\"opts\": {\"so_sndbuf\": 0, \"so_rcvbuf\": 0, \"so_snd_tmo_sec\": 0, "                     \
	"\"so_snd_tmo_usec\": 0, \"so_rcv_tmo_sec\": 0, \"so_rcv_tmo_usec\": 0}"

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
	one_entry(MAGIC_GHOST_FILE);
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
	static const struct CMUnitTest tests[] = {
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
		TEST(headers_are_as_they_were),
		TEST(bytes_out_of_the_ordinary_must_agree_with_the_fields),
		TEST(broken_documents_are_refused_with_their_place),
		TEST(a_required_field_that_is_missing_is_told),
	};

	return run_all(tests);
}
