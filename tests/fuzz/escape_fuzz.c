/* Whatever goes in, what comes out of the escaper is safe for a terminal and valid for a parser. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "decoders/base/escape.h"

static void require(bool condition)
{
	if (!condition)
		__builtin_trap();
}

static void require_safe(struct bytes text)
{
	while (text.len) {
		uint32_t c;

		require(utf8_next(&text, &c));
		require(!character_is_unsafe(c));
	}
}

static void require_json(struct bytes text)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *value;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	value = json_tokener_parse_ex(tokener, (const char *)text.data, (int)text.len);
	require(json_tokener_get_error(tokener) == json_tokener_success);
	require(json_object_is_type(value, json_type_string));
	json_object_put(value);
	json_tokener_free(tokener);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	struct bytes text = { copy, size };
	struct out out;

	memcpy(copy, data, size);
	out_init(&out, -1);
	escape_text(&out, text);
	require_safe(out_held(&out));
	require(text_width(out_held(&out)) <= 4 * size);
	out_clear(&out);
	escape_json(&out, text);
	require_safe(out_held(&out));
	require_json(out_held(&out));
	out_deinit(&out);
	free(copy);
	return 0;
}
