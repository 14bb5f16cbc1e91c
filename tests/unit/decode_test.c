/* Images as JSON: hand-built images against values reasoned by hand. */
#include "tests/support/image_fixture.h"

#include "decoders/image/decode.h"

/* The image in .image as JSON text, ended by a NUL. */
static const char *decode(struct out *text, const char *name, struct decode_options options)
{
	struct problems problems;
	struct image_reader reader;
	struct error *error;
	struct json json;

	problems_init(&problems);
	error = image_open(out_held(&image), bytes_of(name), NULL, &problems, &reader);
	if (error)
		fail_msg("%s", error->message);
	out_init(text, -1);
	json_init(&json, text, JSON_ONE_LINE);
	decode_image(&reader, &options, &json);
	out_char(text, '\0');
	assert_int_equal(problems.n, 0);
	image_close(&reader);
	problems_deinit(&problems);
	return text->buffer;
}

static void assert_decoded(const char *name, struct decode_options options, const char *wanted)
{
	struct out text;

	assert_string_equal(decode(&text, name, options), wanted);
	out_deinit(&text);
	out_clear(&image);
}

#define PLAIN { 0 }
#define READABLE { .readable = true }
#define SIZES { .no_payload = true }

/* --- fields ----------------------------------------------------------------------------------- */

static void only_set_fields_appear_in_order_of_number(void **state)
{
	struct decode_options plain = PLAIN;

	(void)state;
	put_number(&payload, 5, 12); /* the wire's order is another */
	put_number(&payload, 5, 13);
	put_number(&payload, 4, 4);
	put_number(&payload, 3, 3);
	put_number(&payload, 1, 0); /* set to zero is set */
	put_number(&payload, 2, UINT32_MAX);
	one_entry(MAGIC_PSTREE);
	put_number(&payload, 1, 1);
	put_number(&payload, 2, 1);
	put_number(&payload, 3, 1);
	put_number(&payload, 4, 1);
	put_entry(&image, &payload);
	assert_decoded("pstree.img", plain,
		       "{\"magic\": \"PSTREE\", \"entries\": ["
		       "{\"pid\": 0, \"ppid\": 4294967295, \"pgid\": 3, \"sid\": 4, \"threads\": [12, 13], "
		       "\"$wire\": \"EAAAACgMKA0gBBgDCAAQ/////w8=\\n\"}, "
		       "{\"pid\": 1, \"ppid\": 1, \"pgid\": 1, \"sid\": 1}]}");
}

static void an_image_without_entries_has_an_empty_list(void **state)
{
	struct decode_options plain = PLAIN;

	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	assert_decoded("pstree.img", plain, "{\"magic\": \"PSTREE\", \"entries\": []}");
}

/* file_lock_entry: int32 and int64 */
static void signed_numbers_keep_their_sign(void **state)
{
	struct decode_options plain = PLAIN;

	(void)state;
	put_number(&payload, 1, 1);
	put_number(&payload, 2, 2);
	put_number(&payload, 3, (uint64_t)-5);
	put_number(&payload, 4, 3);
	put_number(&payload, 5, (uint64_t)INT64_MIN);
	put_number(&payload, 6, INT64_MAX);
	one_entry(0x54323616);
	assert_decoded("filelocks.img", plain,
		       "{\"magic\": \"FILE_LOCKS\", \"entries\": [{\"flag\": 1, \"type\": 2, \"pid\": -5, "
		       "\"fd\": 3, \"start\": -9223372036854775808, "
		       "\"len\": 9223372036854775807}]}");
}

static void enums_have_names_and_unknown_ones_numbers(void **state)
{
	struct decode_options plain = PLAIN;

	(void)state;
	for (uint64_t type = 1; type <= 1000; type += 999) { /* GHOST, none */
		put_number(&payload, 1, 7);
		put_number(&payload, 2, 8);
		put_number(&payload, 3, type);
		put_entry(type == 1 ? (put_magic(&image, 0x59133954), &image) : &image, &payload);
	}
	assert_decoded("remap-fpath.img", plain,
		       "{\"magic\": \"REMAP_FPATH\", \"entries\": ["
		       "{\"orig_id\": 7, \"remap_id\": 8, \"remap_type\": \"GHOST\"}, "
		       "{\"orig_id\": 7, \"remap_id\": 8, \"remap_type\": 1000}]}");
}

static void text_is_exact(void **state)
{
	struct decode_options plain = PLAIN;

	(void)state;
	put_bytes(&payload, 1, BYTES("a\0b\\n\n\"\xc3\xbc"));
	put_text(&payload, 2, "");
	one_entry(MAGIC_UTSNS);
	assert_decoded("utsns-1.img", plain,
		       "{\"magic\": \"UTSNS\", \"entries\": [{\"nodename\": "
		       "\"a\\u0000b\\\\n\\n\\\"\xc3\xbc\", \"domainname\": \"\"}]}");
}

static void text_that_is_not_utf8_keeps_its_bytes(void **state)
{
	struct decode_options plain = PLAIN;

	(void)state;
	put_text(&payload, 1, "\xff\xfe");
	put_text(&payload, 2, "ok");
	one_entry(MAGIC_UTSNS);
	assert_decoded("utsns-1.img", plain,
		       "{\"magic\": \"UTSNS\", \"entries\": [{\"nodename\": {\"$bytes\": \"//4=\\n\"}, "
		       "\"domainname\": \"ok\"}]}");
}

static void unknown_fields_stand_behind_the_known_ones(void **state)
{
	struct decode_options plain = PLAIN;

	(void)state;
	put_number(&payload, 1000, 300); /* as it stands: ac 02 */
	put_text(&payload, 1, "n");
	put_varint(&payload, 1001 << 3 | 5);
	out_text(&payload, "ABCD");
	put_text(&payload, 2, "d");
	one_entry(MAGIC_UTSNS);
	assert_decoded("utsns-1.img", plain,
		       "{\"magic\": \"UTSNS\", \"entries\": [{\"nodename\": \"n\", \"domainname\": \"d\", "
		       "\"$unknown\": [{\"field\": 1000, \"wire\": 0, \"bytes\": \"rAI=\\n\"}, "
		       "{\"field\": 1001, \"wire\": 5, \"bytes\": \"QUJDRA==\\n\"}], "
		       "\"$wire\": \"EAAAAMA+rAIKAW7NPkFCQ0QSAWQ=\\n\"}]}");
}

/* --- the readable form ------------------------------------------------------------------------ */

static void put_vma(uint32_t status)
{
	put_number(&payload, 1, 0x400000);
	put_number(&payload, 2, 0x401000);
	put_number(&payload, 3, 4096);
	put_number(&payload, 4, 7);
	put_number(&payload, 5, 1 | 4 | 0x10);
	put_number(&payload, 6, 2);
	put_number(&payload, 7, status);
	put_number(&payload, 8, 1); /* sint64, zigzag: -1 */
}

static void flags_and_masks_are_for_people(void **state)
{
	struct decode_options readable = READABLE, plain = PLAIN;

	(void)state;
	put_vma(0x1 | 0x40);
	one_entry(0x54123737);
	assert_decoded("vmas-1.img", readable,
		       "{\"magic\": \"VMAS\", \"entries\": [{\"start\": \"0x400000\", \"end\": \"0x401000\", "
		       "\"pgoff\": 4096, \"shmid\": 7, \"prot\": \"PROT_READ | PROT_EXEC | 0x10\", "
		       "\"flags\": \"MAP_PRIVATE\", "
		       "\"status\": \"VMA_AREA_REGULAR | VMA_FILE_PRIVATE\", \"fd\": -1}]}");
	put_vma(0x41);
	one_entry(0x54123737);
	assert_decoded("vmas-1.img", plain,
		       "{\"magic\": \"VMAS\", \"entries\": [{\"start\": 4194304, \"end\": 4198400, "
		       "\"pgoff\": 4096, \"shmid\": 7, \"prot\": 21, \"flags\": 2, \"status\": 65, "
		       "\"fd\": -1}]}");
}

#define FOWN "\"fown\": {\"uid\": 0, \"euid\": 0, \"signum\": 0, \"pid_type\": 0, \"pid\": 0}"

/* A listening socket on 127.0.0.1, its other end on ::1 in four words. */
static void put_inet(void)
{
	put_number(&payload, 1, 1);
	put_number(&payload, 2, 99);
	put_number(&payload, 3, 2);
	put_number(&payload, 4, 1);
	put_number(&payload, 5, 6);
	put_number(&payload, 6, 10);
	put_number(&payload, 7, 8080);
	put_number(&payload, 8, 0);
	put_number(&payload, 9, 0x802);
	put_number(&payload, 10, 128);
	put_number(&payload, 11, 16777343);
	for (int i = 0; i < 3; i++)
		put_number(&payload, 12, 0);
	put_number(&payload, 12, 1 << 24);
	put_needed(13, 5);
	put_needed(14, 6);
}

static struct json_object *entry_of(const char *name, struct decode_options options,
				    struct json_object **ret_whole)
{
	struct json_object *entries = NULL;
	struct out text;

	decode(&text, name, options);
	*ret_whole = json_parse(bytes_first(out_held(&text), text.len - 1));
	assert_non_null(*ret_whole);
	assert_true(json_object_object_get_ex(*ret_whole, "entries", &entries));
	out_deinit(&text);
	out_clear(&image);
	return json_object_array_get_idx(entries, 0);
}

static void assert_value(struct json_object *entry, const char *key, const char *wanted)
{
	struct json_object *value = NULL;

	assert_true(json_object_object_get_ex(entry, key, &value));
	assert_string_equal(json_object_to_json_string_ext(value, JSON_C_TO_STRING_NOSLASHESCAPE |
								       JSON_C_TO_STRING_PLAIN),
			    wanted);
}

static void addresses_and_names_are_for_people(void **state)
{
	struct decode_options readable = READABLE;
	struct json_object *whole, *entry;

	(void)state;
	put_inet();
	one_entry(MAGIC_INETSK);
	entry = entry_of("inetsk.img", readable, &whole);
	assert_value(entry, "family", "\"INET\"");
	assert_value(entry, "type", "\"STREAM\"");
	assert_value(entry, "proto", "\"TCP\"");
	assert_value(entry, "state", "\"LISTEN\"");
	assert_value(entry, "flags", "\"0x802\"");
	assert_value(entry, "src_port", "8080");
	assert_value(entry, "src_addr", "[\"127.0.0.1\"]");
	assert_value(entry, "dst_addr", "[\"::1\"]");
	json_object_put(whole);
}

static void addresses_and_names_are_numbers_in_the_plain_form(void **state)
{
	struct decode_options plain = PLAIN;
	struct json_object *whole, *entry;

	(void)state;
	put_inet();
	one_entry(MAGIC_INETSK);
	entry = entry_of("inetsk.img", plain, &whole);
	assert_value(entry, "family", "2");
	assert_value(entry, "state", "10");
	assert_value(entry, "flags", "2050");
	assert_value(entry, "src_addr", "[16777343]");
	assert_value(entry, "dst_addr", "[0,0,0,16777216]");
	json_object_put(whole);
}

static void devices_are_split_in_two(void **state)
{
	struct decode_options readable = READABLE;

	(void)state;
	put_number(&payload, 1, 0);
	put_number(&payload, 2, 0);
	put_number(&payload, 3, 33188);
	put_number(&payload, 4, 8 << 20 | 3); /* the kernel's: 20 minor bits */
	put_number(&payload, 6, 0x0803);      /* the C library's: 8:3 */
	one_entry(MAGIC_GHOST_FILE);
	out_text(&image, "x");
	assert_decoded("ghost-file-1.img", readable,
		       "{\"magic\": \"GHOST_FILE\", \"entries\": [{\"uid\": 0, \"gid\": 0, "
		       "\"mode\": 33188, \"dev\": \"8:3\", \"rdev\": \"8:3\", \"extra\": \"eA==\\n\"}]}");
}

static void unix_names_are_quoted_printable(void **state)
{
	struct decode_options plain = PLAIN;
	struct json_object *whole, *entry;

	(void)state;
	for (uint64_t field = 1; field <= 8; field++)
		put_number(&payload, field, 1);
	put_needed(9, 5);
	put_needed(10, 6);
	put_bytes(&payload, 11, BYTES("\0abs=\xff"));
	one_entry(0x54373943);
	entry = entry_of("unixsk.img", plain, &whole);
	assert_value(entry, "name", "\"=00abs=3D=FF\"");
	json_object_put(whole);
}

static void hex_on_a_message_reaches_all_integers_inside(void **state)
{
	struct decode_options readable = READABLE;
	struct json_object *whole, *entry, *value = NULL;

	(void)state;
	/* core_entry.ti_arm.gpregs */
	put_number(&inner, 1, 255);
	put_number(&inner, 14, 4096);
	put_message(&payload, 3, &inner);
	out_bytes(&inner, out_held(&payload));
	out_clear(&payload);
	put_number(&payload, 1, 2);
	put_message(&payload, 6, &inner);
	one_entry(MAGIC_CORE);
	{
		struct problems problems;
		struct image_reader reader;
		struct out text;
		struct json json;

		problems_init(&problems); /* not all registers are there: a problem, not our subject */
		assert_null(image_open(out_held(&image), BYTES("core-1.img"), NULL, &problems, &reader));
		out_init(&text, -1);
		json_init(&json, &text, JSON_ONE_LINE);
		decode_image(&reader, &readable, &json);
		out_char(&text, '\0');
		whole = json_parse(bytes_first(out_held(&text), text.len - 1));
		out_deinit(&text);
		image_close(&reader);
		problems_deinit(&problems);
	}
	assert_true(json_object_object_get_ex(whole, "entries", &value));
	entry = json_object_array_get_idx(value, 0);
	assert_value(entry, "mtype", "\"ARM\"");
	assert_true(json_object_object_get_ex(entry, "ti_arm", &value));
	assert_value(value, "gpregs", "{\"r0\":\"0xff\",\"sp\":\"0x1000\"}");
	json_object_put(whole);
}

/* --- extras ----------------------------------------------------------------------------------- */

static void contents_are_base64(void **state)
{
	struct decode_options plain = PLAIN;

	(void)state;
	put_number(&payload, 1, 7);
	put_number(&payload, 2, 3);
	one_entry(MAGIC_PIPES_DATA);
	out_text(&image, "ABC");
	assert_decoded("pipes-data.img", plain,
		       "{\"magic\": \"PIPES_DATA\", \"entries\": [{\"pipe_id\": 7, \"bytes\": 3, "
		       "\"extra\": \"QUJD\\n\"}]}");
}

static void put_pipe_of(size_t len)
{
	put_number(&payload, 1, 7);
	put_number(&payload, 2, len);
	one_entry(MAGIC_PIPES_DATA);
	out_repeat(&image, 'x', len);
}

static void sizes_stand_for_contents(void **state)
{
	static const struct {
		size_t len;
		const char *words;
	} sizes[] = {
		{ 0, "... <0B>" },	  { 5, "... <5B>" },	     { 1023, "... <1023B>" },
		{ 1024, "... <1KB>" },	  { 1536, "... <1.5KB>" },   { 2000, "... <2.0KB>" },
		{ 1048576, "... <1MB>" }, { 1572864, "... <1.5MB>" },
	};
	struct decode_options options = SIZES;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct json_object *whole, *entry, *extra = NULL;

		put_pipe_of(sizes[i].len);
		entry = entry_of("pipes-data.img", options, &whole);
		assert_true(json_object_object_get_ex(entry, "extra", &extra));
		assert_string_equal(json_object_get_string(extra), sizes[i].words);
		json_object_put(whole);
	}
}

static void a_connection_has_both_queues(void **state)
{
	struct decode_options plain = PLAIN;
	struct json_object *whole, *entry;

	(void)state;
	put_number(&payload, 1, 3);
	put_number(&payload, 2, 1);
	put_number(&payload, 3, 1);
	for (uint64_t field = 4; field <= 7; field++)
		put_number(&payload, field, 1);
	one_entry(MAGIC_TCP_STREAM);
	out_text(&image, "ABCA");
	entry = entry_of("tcp-stream-1.img", plain, &whole);
	assert_value(entry, "extra", "{\"inq\":\"QUJD\\n\",\"outq\":\"QQ==\\n\"}");
	json_object_put(whole);
}

static void semaphores_are_a_list_of_numbers(void **state)
{
	struct decode_options plain = PLAIN;
	struct json_object *whole, *entry;

	(void)state;
	put_ipc_desc();
	put_number(&payload, 2, 3);
	one_entry(MAGIC_IPC_SEM);
	out_write(&image, "\x01\x00\xff\xff\x00\x02\0\0", 8);
	entry = entry_of("ipcns-sem-1.img", plain, &whole);
	assert_value(entry, "extra", "[1,65535,512]");
	json_object_put(whole);
}

static void queued_messages_are_a_list_of_pairs(void **state)
{
	struct decode_options plain = PLAIN;
	struct json_object *whole, *entry;

	(void)state;
	put_ipc_desc();
	put_number(&payload, 2, 16384);
	put_number(&payload, 3, 2);
	one_entry(MAGIC_IPC_MSG);
	put_number(&inner, 1, 7);
	put_number(&inner, 2, 3);
	put_entry(&image, &inner);
	out_write(&image, "ABC\0\0\0\0\0", 8);
	put_number(&inner, 1, 8);
	put_number(&inner, 2, 1);
	put_entry(&image, &inner);
	out_write(&image, "A\0\0\0\0\0\0\0", 8);
	entry = entry_of("ipcns-msg-1.img", plain, &whole);
	assert_value(entry, "extra",
		     "[{\"mtype\":7,\"msize\":3},\"QUJD\\n\",{\"mtype\":8,\"msize\":1},\"QQ==\\n\"]");
	json_object_put(whole);
}

static void shared_memory_leaves_its_padding_out(void **state)
{
	struct decode_options plain = PLAIN;
	struct json_object *whole, *entry;

	(void)state;
	put_ipc_desc();
	put_number(&payload, 2, 3);
	one_entry(MAGIC_IPC_SHM);
	out_write(&image, "ABC\0", 4);
	entry = entry_of("ipcns-shm-1.img", plain, &whole);
	assert_value(entry, "extra", "\"QUJD\\n\"");
	json_object_put(whole);
}

static void chunks_of_a_ghost_file_are_entries(void **state)
{
	struct decode_options plain = PLAIN;

	(void)state;
	for (uint64_t field = 1; field <= 3; field++)
		put_number(&payload, field, 1);
	put_number(&payload, 9, 1);
	put_number(&payload, 10, 8192);
	one_entry(MAGIC_GHOST_FILE);
	for (uint64_t i = 0; i < 2; i++) {
		put_number(&inner, 1, 3);
		put_number(&inner, 2, i * 4096);
		put_entry(&image, &inner);
		out_text(&image, "ABC");
	}
	assert_decoded("ghost-file-1.img", plain,
		       "{\"magic\": \"GHOST_FILE\", \"entries\": [{\"uid\": 1, \"gid\": 1, \"mode\": 1, "
		       "\"chunks\": true, \"size\": 8192}, "
		       "{\"len\": 3, \"off\": 0, \"extra\": \"QUJD\\n\"}, "
		       "{\"len\": 3, \"off\": 4096, \"extra\": \"QUJD\\n\"}]}");
}

static void a_raw_image_is_its_bytes(void **state)
{
	struct decode_options plain = PLAIN, sizes = SIZES;

	(void)state;
	out_text(&image, "ABC");
	assert_decoded("iptables-1.img", plain, "{\"magic\": \"IPTABLES\", \"raw\": \"QUJD\\n\"}");
	out_text(&image, "ABC");
	assert_decoded("iptables-1.img", sizes, "{\"magic\": \"IPTABLES\", \"raw\": \"... <3B>\"}");
}

static void a_kind_with_a_label_prints_it(void **state)
{
	struct decode_options plain = PLAIN;

	(void)state;
	put_magic(&image, MAGIC_PAGEMAP);
	assert_decoded("pagemap-shmem-1.img", plain, "{\"magic\": \"PAGEMAP\", \"entries\": []}");
}

/* --- the program ------------------------------------------------------------------------------ */

static void put_tasks(uint32_t n)
{
	put_magic(&image, MAGIC_PSTREE);
	for (uint32_t pid = 1; pid <= n; pid++) {
		for (uint64_t field = 1; field <= 4; field++)
			put_number(&payload, field, pid);
		put_entry(&image, &payload);
	}
}

static void the_program_decodes_a_file(void **state)
{
	struct outcome outcome;

	(void)state;
	put_tasks(1);
	write_image("one", "pstree.img", &image);
	outcome = run("decode", scratch_path("one/pstree.img"), NULL);
	assert_int_equal(outcome.status, 0);
	assert_string_equal((const char *)outcome.out.data,
			    "{\"magic\": \"PSTREE\", \"entries\": [{\"pid\": 1, \"ppid\": 1, "
			    "\"pgid\": 1, \"sid\": 1}]}\n");
	assert_int_equal(outcome.err.len, 0);
}

static void pretty_is_indented_by_four(void **state)
{
	struct outcome outcome;

	(void)state;
	put_magic(&image, MAGIC_PSTREE);
	write_image("two", "pstree.img", &image);
	outcome = run("decode", "--pretty", scratch_path("two/pstree.img"), NULL);
	assert_string_equal((const char *)outcome.out.data,
			    "{\n    \"magic\": \"PSTREE\",\n    \"entries\": []\n}\n");
}

static void the_program_counts_entries(void **state)
{
	struct json_object *info;

	(void)state;
	put_tasks(3);
	write_image("three", "pstree.img", &image);
	info = run_json(0, "info", scratch_path("three/pstree.img"), NULL);
	assert_value(info, "magic", "\"PSTREE\"");
	assert_value(info, "count", "3");
	json_object_put(info);
}

static void several_images_are_an_object_by_name(void **state)
{
	struct json_object *both, *one = NULL;

	(void)state;
	put_tasks(1);
	write_image("four", "pstree.img", &image);
	put_magic(&image, MAGIC_UTSNS);
	write_image("four", "utsns-1.img", &image);
	both = run_json(0, "decode", scratch_path("four"), NULL);
	assert_int_equal(json_object_object_length(both), 2);
	assert_true(json_object_object_get_ex(both, "utsns-1.img", &one));
	assert_value(one, "magic", "\"UTSNS\"");
	json_object_put(both);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_set_fields_appear_in_order_of_number),
		TEST(an_image_without_entries_has_an_empty_list),
		TEST(signed_numbers_keep_their_sign),
		TEST(enums_have_names_and_unknown_ones_numbers),
		TEST(text_is_exact),
		TEST(text_that_is_not_utf8_keeps_its_bytes),
		TEST(unknown_fields_stand_behind_the_known_ones),
		TEST(flags_and_masks_are_for_people),
		TEST(addresses_and_names_are_for_people),
		TEST(addresses_and_names_are_numbers_in_the_plain_form),
		TEST(devices_are_split_in_two),
		TEST(unix_names_are_quoted_printable),
		TEST(hex_on_a_message_reaches_all_integers_inside),
		TEST(contents_are_base64),
		TEST(sizes_stand_for_contents),
		TEST(a_connection_has_both_queues),
		TEST(semaphores_are_a_list_of_numbers),
		TEST(queued_messages_are_a_list_of_pairs),
		TEST(shared_memory_leaves_its_padding_out),
		TEST(chunks_of_a_ghost_file_are_entries),
		TEST(a_raw_image_is_its_bytes),
		TEST(a_kind_with_a_label_prints_it),
		TEST(the_program_decodes_a_file),
		TEST(pretty_is_indented_by_four),
		TEST(the_program_counts_entries),
		TEST(several_images_are_an_object_by_name),
	};

	return run_all(tests);
}
