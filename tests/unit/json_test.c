/* The JSON writer: commas, nesting and layouts are right, numbers exact. */
#include "tests/support/wire.h"

#include <math.h>

#include "decoders/base/json.h"

static void start(struct json *json, struct out *out, enum json_layout layout)
{
	out_init(out, -1);
	json_init(json, out, layout);
}

static void assert_written(struct out *out, const char *wanted)
{
	struct json_object *parsed;

	out_char(out, '\0');
	parsed = json_parse(bytes_first(out_held(out), out->len - 1));
	assert_string_equal(out->buffer, wanted);
	assert_true(parsed || !strcmp(wanted, "null"));
	json_object_put(parsed);
	out_deinit(out);
}

/* {"a": 1, "b": [1, "x", {"c": []}, {}], "d": null} */
static void write_sample(struct json *json)
{
	json_object_begin(json);
	json_key_u64(json, "a", 1);
	json_key(json, "b");
	json_array_begin(json);
	json_u64(json, 1);
	json_text(json, BYTES("x"));
	json_object_begin(json);
	json_key(json, "c");
	json_array_begin(json);
	json_array_end(json);
	json_object_end(json);
	json_object_begin(json);
	json_object_end(json);
	json_array_end(json);
	json_key(json, "d");
	json_null(json);
	json_object_end(json);
}

static void one_line_has_commas_and_spaces(void **state)
{
	struct json json;
	struct out out;

	(void)state;
	start(&json, &out, JSON_ONE_LINE);
	write_sample(&json);
	assert_written(&out, "{\"a\": 1, \"b\": [1, \"x\", {\"c\": []}, {}], \"d\": null}");
}

static void indented_has_a_line_for_each_element(void **state)
{
	struct json json;
	struct out out;

	(void)state;
	start(&json, &out, JSON_INDENTED);
	write_sample(&json);
	assert_written(&out, "{\n"
			     "    \"a\": 1,\n"
			     "    \"b\": [\n"
			     "        1,\n"
			     "        \"x\",\n"
			     "        {\n"
			     "            \"c\": []\n"
			     "        },\n"
			     "        {}\n"
			     "    ],\n"
			     "    \"d\": null\n"
			     "}");
}

static void rows_have_a_line_for_each_object(void **state)
{
	struct json json;
	struct out out;

	(void)state;
	start(&json, &out, JSON_ROWS);
	json_array_begin(&json);
	for (uint64_t i = 0; i < 2; i++) {
		json_object_begin(&json);
		json_key_u64(&json, "a", i);
		json_key_text(&json, "b", "x");
		json_object_end(&json);
	}
	json_array_end(&json);
	assert_written(&out, "[\n{\"a\": 0, \"b\": \"x\"},\n{\"a\": 1, \"b\": \"x\"}\n]");
}

static void empty_containers_stay_on_their_line(void **state)
{
	static const enum json_layout layouts[] = { JSON_ONE_LINE, JSON_INDENTED, JSON_ROWS };
	struct json json;
	struct out out;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		start(&json, &out, layouts[i]);
		json_array_begin(&json);
		json_array_end(&json);
		assert_written(&out, "[]");
		start(&json, &out, layouts[i]);
		json_object_begin(&json);
		json_object_end(&json);
		assert_written(&out, "{}");
	}
}

static void numbers_are_exact(void **state)
{
	struct json json;
	struct out out;

	(void)state;
	start(&json, &out, JSON_ONE_LINE);
	json_array_begin(&json);
	json_u64(&json, UINT64_MAX);
	json_u64(&json, 9007199254740993); /* 2^53 + 1: no double has it */
	json_i64(&json, INT64_MIN);
	json_i64(&json, -1);
	json_u64(&json, 0);
	json_hex(&json, 0);
	json_hex(&json, UINT64_MAX);
	json_bool(&json, true);
	json_bool(&json, false);
	json_double(&json, 0.5);
	json_double(&json, INFINITY); /* JSON has none */
	json_double(&json, NAN);
	json_array_end(&json);
	assert_written(&out, "[18446744073709551615, 9007199254740993, -9223372036854775808, -1, 0, "
			     "\"0x0\", \"0xffffffffffffffff\", true, false, 0.5, null, null]");
}

static void keys_are_escaped(void **state)
{
	struct json json;
	struct out out;

	(void)state;
	start(&json, &out, JSON_ONE_LINE);
	json_object_begin(&json);
	json_key_bytes(&json, BYTES("a\"\x1b\xff"));
	json_text(&json, BYTES("\\"));
	json_key(&json, "e");
	json_exact(&json, BYTES("\\"));
	json_object_end(&json);
	assert_written(&out, "{\"a\\\"\\u001b\\\\xff\": \"\\\\\\\\\", \"e\": \"\\\\\"}");
}

static void assert_base64(size_t len, const char *wanted)
{
	static const uint8_t letters[] = "ABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABC"
					 "ABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABCABC";
	struct json json;
	struct out out;

	start(&json, &out, JSON_ONE_LINE);
	json_base64(&json, (struct bytes){ letters, len });
	assert_written(&out, wanted);
}

/* "ABC" is QUJD; a line is 57 bytes, 19 groups, 76 characters. */
#define QUJD_19                                                                                  \
	"QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD"

static void base64_is_that_of_mime(void **state)
{
	(void)state;
	assert_base64(0, "\"\"");
	assert_base64(1, "\"QQ==\\n\"");
	assert_base64(2, "\"QUI=\\n\"");
	assert_base64(3, "\"QUJD\\n\"");
	assert_int_equal(strlen(QUJD_19), 76);
	assert_base64(57, "\"" QUJD_19 "\\n\"");
	assert_base64(58, "\"" QUJD_19 "\\nQQ==\\n\"");
	assert_base64(114, "\"" QUJD_19 "\\n" QUJD_19 "\\n\"");
}

static void base64_knows_all_its_digits(void **state)
{
	/* 64 six-bit groups counting up: the alphabet itself. */
	uint8_t bytes[48];
	struct json json;
	struct out out;

	(void)state;
	for (unsigned i = 0; i < 16; i++) {
		uint32_t group = (4 * i) << 18 | (4 * i + 1) << 12 | (4 * i + 2) << 6 | (4 * i + 3);

		bytes[3 * i] = (uint8_t)(group >> 16);
		bytes[3 * i + 1] = (uint8_t)(group >> 8);
		bytes[3 * i + 2] = (uint8_t)group;
	}
	start(&json, &out, JSON_ONE_LINE);
	json_base64(&json, (struct bytes){ bytes, 48 });
	assert_written(&out, "\"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/\\n\"");
}

static void deep_nesting_stays_balanced(void **state)
{
	struct json json;
	struct out out;

	(void)state;
	start(&json, &out, JSON_ONE_LINE);
	for (int i = 0; i < 150; i++)
		json_array_begin(&json);
	for (int i = 0; i < 150; i++)
		json_array_end(&json);
	for (size_t i = 0; i < 300; i++)
		assert_int_equal(out.buffer[i], i < 150 ? '[' : ']');
	assert_int_equal(out.len, 300);
	out_deinit(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line_has_commas_and_spaces),
		cmocka_unit_test(indented_has_a_line_for_each_element),
		cmocka_unit_test(rows_have_a_line_for_each_object),
		cmocka_unit_test(empty_containers_stay_on_their_line),
		cmocka_unit_test(numbers_are_exact),
		cmocka_unit_test(keys_are_escaped),
		cmocka_unit_test(base64_is_that_of_mime),
		cmocka_unit_test(base64_knows_all_its_digits),
		cmocka_unit_test(deep_nesting_stays_balanced),
	};

	return run_all(tests);
}
