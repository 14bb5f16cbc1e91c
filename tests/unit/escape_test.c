/* The escaper: nothing that drives a terminal, hides text or breaks JSON gets past it. */
#include "tests/support/wire.h"

#include <stdio.h>

#include "decoders/base/escape.h"

static struct bytes escaped(struct out *out, struct bytes text,
			    void (*escape)(struct out *out, struct bytes text))
{
	out_init(out, -1);
	escape(out, text);
	out_char(out, '\0'); /* for the parser */
	return bytes_first(out_held(out), out->len - 1);
}

static void assert_escaped(void (*escape)(struct out *out, struct bytes text), struct bytes text,
			   struct bytes wanted, int line)
{
	struct out out;
	struct bytes got = escaped(&out, text, escape);

	if (!bytes_equal(got, wanted))
		fail_msg("line %d: %.*s, not %.*s", line, BYTES_FMT(got), BYTES_FMT(wanted));
	out_deinit(&out);
}
#define assert_text(from, to) assert_escaped(escape_text, BYTES(from), BYTES(to), __LINE__)
#define assert_json(from, to) assert_escaped(escape_json, BYTES(from), BYTES(to), __LINE__)
#define assert_exact(from, to) assert_escaped(escape_json_exact, BYTES(from), BYTES(to), __LINE__)

/* --- text ------------------------------------------------------------------------------------- */

static void plain_text_passes_unchanged(void **state)
{
	(void)state;
	assert_text("", "");
	assert_text("/usr/bin/a b~!\"'$`", "/usr/bin/a b~!\"'$`");
	assert_text("gr\xc3\xbc\xc3\x9f \xe4\xb8\xad \xf0\x9f\x98\x80",
		    "gr\xc3\xbc\xc3\x9f \xe4\xb8\xad \xf0\x9f\x98\x80");
}

static void every_control_byte_is_spelled(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		uint8_t byte = (uint8_t)c;
		char wanted[8];
		struct out out;
		struct bytes got = escaped(&out, (struct bytes){ &byte, 1 }, escape_text);

		snprintf(wanted, sizeof(wanted),
			 c == '\\' ? "\\\\" : c >= 0x20 && c < 0x7f ? "%c" : "\\x%02x", c);
		assert_true(bytes_equal(got, bytes_of(wanted)));
		out_deinit(&out);
	}
}

static void escape_sequences_become_words(void **state)
{
	(void)state;
	assert_text("\x1b]0;owned\a", "\\x1b]0;owned\\x07");
	assert_text("\x1b[2J\x1b[H", "\\x1b[2J\\x1b[H");
	assert_text("a\nb\tc\rd\0e", "a\\x0a" "b\\x09" "c\\x0d" "d\\x00" "e");
	assert_text("\x7f", "\\x7f");
}

static void c1_controls_in_utf8_are_spelled(void **state)
{
	(void)state;
	assert_text("\xc2\x80", "\\xc2\\x80");
	assert_text("\xc2\x9b" "31m", "\\xc2\\x9b" "31m"); /* CSI in one character */
	assert_text("\xc2\x9f", "\\xc2\\x9f");
	assert_text("\xc2\xa0", "\xc2\xa0"); /* the first after them */
}

static void a_backslash_is_doubled_so_that_spelling_can_be_undone(void **state)
{
	(void)state;
	assert_text("\\", "\\\\");
	assert_text("\\x1b", "\\\\x1b");
	assert_text("C:\\n", "C:\\\\n");
}

static void text_that_turns_or_hides_text_is_spelled(void **state)
{
	(void)state;
	assert_text("a\xe2\x80\xaetxt.exe", "a\\xe2\\x80\\xaetxt.exe"); /* U+202E */
	assert_text("\xe2\x80\xaa", "\\xe2\\x80\\xaa");			 /* U+202A */
	assert_text("\xe2\x81\xa6\xe2\x81\xa9", "\\xe2\\x81\\xa6\\xe2\\x81\\xa9"); /* isolates */
	assert_text("\xe2\x80\x8b\xe2\x80\x8f", "\\xe2\\x80\\x8b\\xe2\\x80\\x8f"); /* zero width */
	assert_text("\xd8\x9c", "\\xd8\\x9c");				 /* U+061C */
	assert_text("\xef\xbb\xbf", "\\xef\\xbb\\xbf");			 /* U+FEFF */
	assert_text("\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81");	 /* tag "A", U+E0041 */
	assert_text("\xe2\x80\xa8\xe2\x80\xa9", "\\xe2\\x80\\xa8\\xe2\\x80\\xa9"); /* separators */
}

static void every_bidi_zero_width_and_tag_character_is_unsafe(void **state)
{
	static const uint32_t unsafe[][2] = {
		{ 0, 0x1f },	      { 0x7f, 0x9f },	  { 0x61c, 0x61c },   { 0x200b, 0x200f },
		{ 0x2028, 0x202e },   { 0x2060, 0x2064 }, { 0x2066, 0x2069 }, { 0xfeff, 0xfeff },
		{ 0xe0000, 0xe007f },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++)
		for (uint32_t c = unsafe[i][0]; c <= unsafe[i][1]; c++)
			assert_true(character_is_unsafe(c));
	for (uint32_t c = 0x20; c < 0x7f; c++)
		assert_false(character_is_unsafe(c));
	for (uint32_t c = 0x4e00; c < 0x9fff; c++)
		assert_false(character_is_unsafe(c));
	assert_false(character_is_unsafe(0xe9));
	assert_false(character_is_unsafe(0x1f600));
}

static void bytes_that_are_not_utf8_are_spelled_one_by_one(void **state)
{
	(void)state;
	assert_text("\xff\xfe", "\\xff\\xfe");
	assert_text("\x80", "\\x80");					  /* stray */
	assert_text("a\xbf" "b", "a\\xbf" "b");
	assert_text("\xc0\xaf", "\\xc0\\xaf");				  /* overlong "/" */
	assert_text("\xc1\xbf", "\\xc1\\xbf");
	assert_text("\xe0\x80\xaf", "\\xe0\\x80\\xaf");
	assert_text("\xe0\x9f\xbf", "\\xe0\\x9f\\xbf");			  /* overlong U+07FF */
	assert_text("\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf");
	assert_text("\xf0\x8f\xbf\xbf", "\\xf0\\x8f\\xbf\\xbf");	  /* overlong U+FFFF */
	assert_text("\xed\xa0\x80", "\\xed\\xa0\\x80");			  /* surrogate */
	assert_text("\xed\xbf\xbf", "\\xed\\xbf\\xbf");
	assert_text("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");	  /* U+110000 */
	assert_text("\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80"); /* five bytes */
	assert_text("\xc3", "\\xc3");					  /* cut short */
	assert_text("\xe2\x80", "\\xe2\\x80");
	assert_text("\xf0\x9f\x98", "\\xf0\\x9f\\x98");
	assert_text("\xe2\x80" "x", "\\xe2\\x80" "x");			  /* cut by a letter */
	assert_text("\xc3\xc3\xbc", "\\xc3\xc3\xbc");			  /* then a good one */
}

/* --- UTF-8 ------------------------------------------------------------------------------------ */

static size_t encode(uint32_t c, uint8_t *out)
{
	if (c < 0x80) {
		out[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (uint8_t)(0xc0 | c >> 6);
		out[1] = (uint8_t)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (uint8_t)(0xe0 | c >> 12);
		out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		out[2] = (uint8_t)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (uint8_t)(0xf0 | c >> 18);
	out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
	out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	out[3] = (uint8_t)(0x80 | (c & 0x3f));
	return 4;
}

static void every_character_is_read_back(void **state)
{
	(void)state;
	for (uint32_t c = 0; c < 0x110000; c++) {
		uint8_t bytes[4];
		struct bytes rest = { bytes, encode(c, bytes) };
		uint32_t read = 7;
		bool good = utf8_next(&rest, &read);

		assert_int_equal(good, c < 0xd800 || c > 0xdfff);
		assert_int_equal(rest.len, good ? 0 : 3);
		assert_int_equal(read, good ? c : 7);
	}
	assert_true(utf8_valid(BYTES("a\xc3\xbc")));
	assert_false(utf8_valid(BYTES("a\xc3")));
	assert_true(utf8_valid(NO_BYTES));
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void json_strings_are_quoted(void **state)
{
	(void)state;
	assert_json("", "\"\"");
	assert_json("a\"b", "\"a\\\"b\"");
	assert_json("a/b", "\"a/b\"");
	assert_json("\n\t\r\x1b\0", "\"\\n\\t\\r\\u001b\\u0000\"");
	assert_json("\x7f", "\"\\u007f\"");
	assert_json("\xc2\x9b", "\"\\u009b\"");
	assert_json("\xe2\x80\xae", "\"\\u202e\"");
	assert_json("\xf3\xa0\x81\x81", "\"\\udb40\\udc41\"");
	assert_json("\xe4\xb8\xad", "\"\xe4\xb8\xad\"");
}

static void json_text_spells_bytes_and_doubles_backslashes(void **state)
{
	(void)state;
	/* A parser gets \xff and \\ back: the one spelling of text and tables. */
	assert_json("\xff", "\"\\\\xff\"");
	assert_json("\\", "\"\\\\\\\\\"");
	assert_json("\\xff", "\"\\\\\\\\xff\"");
}

static void exact_json_gives_the_text_back(void **state)
{
	(void)state;
	assert_exact("a\\b", "\"a\\\\b\"");
	assert_exact("\"", "\"\\\"\"");
	assert_exact("\x1b\xe2\x80\xae", "\"\\u001b\\u202e\"");
	assert_exact("", "\"\"");
}

/* --- any bytes at all ------------------------------------------------------------------------- */

/* Letters, controls, pieces of UTF-8: dense in what goes wrong. */
static size_t random_text(uint64_t *seed, uint8_t *text, size_t room)
{
	static const char *const pieces[] = {
		"\x1b[", "\\", "\"", "\xe2\x80\xae", "\xc2\x9b", "\xf3\xa0\x81\x81", "\xf0\x9f",
		"\xed\xa0\x80", "\xef\xbb\xbf", "\xc3\xbc", "\xe2\x80", "\\x1b", "\xf4\x90\x80\x80",
	};
	size_t len = 0, n = next_random(seed) % 12;

	while (n--) {
		uint64_t number = next_random(seed);
		const char *piece = pieces[(number >> 32) % (sizeof(pieces) / sizeof(pieces[0]))];

		if (number & 1 && len + strlen(piece) <= room) {
			memcpy(text + len, piece, strlen(piece));
			len += strlen(piece);
		} else if (len < room) {
			text[len++] = (uint8_t)(number >> 8);
		}
	}
	return len;
}

static bool is_safe(struct bytes text)
{
	while (text.len) {
		uint32_t c;

		if (!utf8_next(&text, &c) || c < 0x20 || (c >= 0x7f && c < 0xa0) ||
		    (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
		    (c >= 0x200b && c <= 0x200f) || (c >= 0xe0000 && c <= 0xe007f))
			return false;
	}
	return true;
}

static int hex_digit(uint8_t c)
{
	return c >= 'a' ? c - 'a' + 10 : c - '0';
}

/* Undoes \xNN and \\. */
static struct bytes unspelled(struct bytes text, uint8_t *room)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] != '\\') {
			room[n++] = text.data[i];
		} else if (text.data[i + 1] == '\\') {
			room[n++] = '\\';
			i++;
		} else {
			room[n++] = (uint8_t)(hex_digit(text.data[i + 2]) << 4 |
					      hex_digit(text.data[i + 3]));
			i += 3;
		}
	}
	return (struct bytes){ room, n };
}

static void no_text_at_all_gets_past_the_text_form(void **state)
{
	uint64_t seed = 20261123;
	uint8_t raw[64], undone[256];

	(void)state;
	for (int i = 0; i < 100000; i++) {
		struct bytes text = { raw, random_text(&seed, raw, sizeof(raw)) };
		struct out out;
		struct bytes got = escaped(&out, text, escape_text);

		assert_true(is_safe(got));
		assert_true(bytes_equal(unspelled(got, undone), text));
		out_deinit(&out);
	}
}

static void assert_parses_to(struct bytes json, struct bytes wanted)
{
	struct json_object *value = json_parse(json);

	assert_non_null(value);
	assert_true(json_object_is_type(value, json_type_string));
	assert_true(bytes_equal((struct bytes){ (const uint8_t *)json_object_get_string(value),
						(size_t)json_object_get_string_len(value) },
				wanted));
	json_object_put(value);
}

/* The text whose backslashes and broken bytes are spelled: what a parser must get back. */
static struct bytes spelled(struct bytes text, uint8_t *room)
{
	size_t n = 0;

	while (text.len) {
		struct bytes before = text;
		uint32_t c;

		if (!utf8_next(&text, &c)) {
			n += (size_t)sprintf((char *)room + n, "\\x%02x", text.data[0]);
			text = bytes_from(text, 1);
		} else if (c == '\\') {
			room[n++] = '\\', room[n++] = '\\';
		} else {
			memcpy(room + n, before.data, before.len - text.len);
			n += before.len - text.len;
		}
	}
	return (struct bytes){ room, n };
}

static void no_text_at_all_breaks_the_json_form(void **state)
{
	uint64_t seed = 42;
	uint8_t raw[64], wanted[512];

	(void)state;
	for (int i = 0; i < 100000; i++) {
		struct bytes text = { raw, random_text(&seed, raw, sizeof(raw)) };
		struct out out;
		struct bytes got = escaped(&out, text, escape_json);

		assert_true(is_safe(got));
		assert_parses_to(got, spelled(text, wanted));
		out_deinit(&out);
		if (!utf8_valid(text))
			continue;
		got = escaped(&out, text, escape_json_exact);
		assert_true(is_safe(got));
		assert_parses_to(got, text);
		out_deinit(&out);
	}
}

/* --- width ------------------------------------------------------------------------------------ */

static void width_is_in_columns_of_the_terminal(void **state)
{
	(void)state;
	assert_int_equal(text_width(BYTES("")), 0);
	assert_int_equal(text_width(BYTES("abc")), 3);
	assert_int_equal(text_width(BYTES("gr\xc3\xbc\xc3\x9f")), 4);
	assert_int_equal(text_width(BYTES("\xe4\xb8\xad\xe6\x96\x87")), 4);   /* two wide ones */
	assert_int_equal(text_width(BYTES("u\xcc\x88")), 1);		      /* u and a mark */
	assert_int_equal(text_width(BYTES("\xf0\x9f\x98\x80")), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_passes_unchanged),
		cmocka_unit_test(every_control_byte_is_spelled),
		cmocka_unit_test(escape_sequences_become_words),
		cmocka_unit_test(c1_controls_in_utf8_are_spelled),
		cmocka_unit_test(a_backslash_is_doubled_so_that_spelling_can_be_undone),
		cmocka_unit_test(text_that_turns_or_hides_text_is_spelled),
		cmocka_unit_test(every_bidi_zero_width_and_tag_character_is_unsafe),
		cmocka_unit_test(bytes_that_are_not_utf8_are_spelled_one_by_one),
		cmocka_unit_test(every_character_is_read_back),
		cmocka_unit_test(json_strings_are_quoted),
		cmocka_unit_test(json_text_spells_bytes_and_doubles_backslashes),
		cmocka_unit_test(exact_json_gives_the_text_back),
		cmocka_unit_test(no_text_at_all_gets_past_the_text_form),
		cmocka_unit_test(no_text_at_all_breaks_the_json_form),
		cmocka_unit_test(width_is_in_columns_of_the_terminal),
	};

	return run_all(tests);
}
