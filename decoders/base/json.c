#include "decoders/base/json.h"

#include <math.h>
#include <string.h>

#include "decoders/base/escape.h"

void json_init(struct json *json, struct out *out, enum json_layout layout)
{
	*json = (struct json){ .out = out, .layout = layout };
}

static void new_line(struct json *json)
{
	out_char(json->out, '\n');
	if (json->layout == JSON_INDENTED)
		out_repeat(json->out, ' ', 4 * (size_t)json->depth);
}

/* Whether each element at this depth gets a line. */
static bool in_lines(const struct json *json)
{
	return json->depth > 0 && (json->layout == JSON_INDENTED ||
				   (json->layout == JSON_ROWS && json->depth == 1));
}

/* What stands before any value or key. */
static void separate(struct json *json)
{
	if (json->after_key) {
		json->after_key = false;
		return;
	}
	if (json->filled[json->depth])
		out_text(json->out, in_lines(json) ? "," : ", ");
	if (in_lines(json))
		new_line(json);
	json->filled[json->depth] = true;
}

static void begin(struct json *json, char bracket)
{
	separate(json);
	out_char(json->out, bracket);
	if (json->depth < JSON_DEPTH)
		json->depth++;
	json->filled[json->depth] = false;
}

static void end(struct json *json, char bracket)
{
	bool lines = json->filled[json->depth] && in_lines(json);

	json->depth--;
	if (lines)
		new_line(json);
	out_char(json->out, bracket);
}

void json_object_begin(struct json *json)
{
	begin(json, '{');
}

void json_object_end(struct json *json)
{
	end(json, '}');
}

void json_array_begin(struct json *json)
{
	begin(json, '[');
}

void json_array_end(struct json *json)
{
	end(json, ']');
}

void json_key_bytes(struct json *json, struct bytes key)
{
	separate(json);
	escape_json(json->out, key);
	out_text(json->out, ": ");
	json->after_key = true;
}

void json_key(struct json *json, const char *key)
{
	separate(json);
	out_char(json->out, '"');
	out_text(json->out, key);
	out_text(json->out, "\": ");
	json->after_key = true;
}

void json_text(struct json *json, struct bytes text)
{
	separate(json);
	escape_json(json->out, text);
}

void json_exact(struct json *json, struct bytes text)
{
	separate(json);
	escape_json_exact(json->out, text);
}

void json_u64(struct json *json, uint64_t value)
{
	separate(json);
	out_u64(json->out, value);
}

void json_i64(struct json *json, int64_t value)
{
	separate(json);
	out_i64(json->out, value);
}

void json_double(struct json *json, double value)
{
	separate(json);
	if (isfinite(value))
		out_printf(json->out, "%.17g", value);
	else
		out_text(json->out, "null");
}

void json_bool(struct json *json, bool value)
{
	separate(json);
	out_text(json->out, value ? "true" : "false");
}

void json_null(struct json *json)
{
	separate(json);
	out_text(json->out, "null");
}

void json_hex(struct json *json, uint64_t value)
{
	separate(json);
	out_char(json->out, '"');
	out_hex(json->out, value);
	out_char(json->out, '"');
}

/* Three bytes or fewer as four characters. */
static void base64_group(const uint8_t *data, size_t len, char *ret)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = (uint32_t)data[0] << 16 | (len > 1 ? (uint32_t)data[1] << 8 : 0) |
			(len > 2 ? data[2] : 0);

	ret[0] = digits[bits >> 18];
	ret[1] = digits[bits >> 12 & 63];
	ret[2] = len > 1 ? digits[bits >> 6 & 63] : '=';
	ret[3] = len > 2 ? digits[bits & 63] : '=';
}

void json_base64(struct json *json, struct bytes bytes)
{
	enum { BYTES_A_LINE = 57 };

	separate(json);
	out_char(json->out, '"');
	for (size_t at = 0; at < bytes.len; at += BYTES_A_LINE) {
		struct bytes line = bytes_first(bytes_from(bytes, at), BYTES_A_LINE);
		char text[BYTES_A_LINE / 3 * 4];
		size_t len = 0;

		for (size_t i = 0; i < line.len; i += 3, len += 4)
			base64_group(line.data + i, line.len - i, text + len);
		out_write(json->out, text, len);
		out_text(json->out, "\\n");
	}
	out_char(json->out, '"');
}

void json_raw(struct json *json, struct bytes text)
{
	separate(json);
	out_bytes(json->out, text);
}

void json_key_text(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_text(json, bytes_of(text));
}

void json_key_u64(struct json *json, const char *key, uint64_t value)
{
	json_key(json, key);
	json_u64(json, value);
}
