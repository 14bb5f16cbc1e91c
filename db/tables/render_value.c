/* One cell, as text and as JSON. */
#include "db/tables/render.h"
#include "decoders/base/escape.h"

/* An argument list as a shell would need it typed, as far as a glance requires. */
static void render_strings(struct bytes strings, struct out *out)
{
	struct bytes item;
	bool first = true;

	while (strings_next(&strings, &item)) {
		bool quoted = item.len == 0 || bytes_find(item, ' ') < item.len;

		out_text(out, first ? "" : " ");
		out_text(out, quoted ? "'" : "");
		escape_text(out, item);
		out_text(out, quoted ? "'" : "");
		first = false;
	}
}

void render_value(const struct value *value, struct out *out)
{
	switch (value->type) {
	case VALUE_NULL:
		out_char(out, '-');
		break;
	case VALUE_BOOL:
		out_text(out, value->boolean ? "yes" : "no");
		break;
	case VALUE_INT:
		out_i64(out, value->integer);
		break;
	case VALUE_UINT:
		out_u64(out, value->number);
		break;
	case VALUE_HEX:
		out_hex(out, value->number);
		break;
	case VALUE_OCTAL:
		out_printf(out, "0%03llo", (unsigned long long)value->number);
		break;
	case VALUE_REAL:
		out_printf(out, "%.15g", value->real);
		break;
	case VALUE_TEXT:
		escape_text(out, value->text);
		break;
	case VALUE_STRINGS:
		render_strings(value->text, out);
		break;
	case VALUE_NUMBERS:
		for (size_t i = 0; i < value->numbers.n; i++) {
			out_text(out, i ? "," : "");
			out_u64(out, value->numbers.items[i]);
		}
		break;
	}
}

void render_value_json(const struct value *value, struct json *json)
{
	struct bytes rest, item;

	switch (value->type) {
	case VALUE_NULL:
		json_null(json);
		break;
	case VALUE_BOOL:
		json_bool(json, value->boolean);
		break;
	case VALUE_INT:
		json_i64(json, value->integer);
		break;
	case VALUE_UINT:
		json_u64(json, value->number);
		break;
	case VALUE_HEX:
	case VALUE_OCTAL:
		json_hex(json, value->number);
		break;
	case VALUE_REAL:
		json_double(json, value->real);
		break;
	case VALUE_TEXT:
		json_text(json, value->text);
		break;
	case VALUE_STRINGS:
		rest = value->text;
		json_array_begin(json);
		while (strings_next(&rest, &item))
			json_text(json, item);
		json_array_end(json);
		break;
	case VALUE_NUMBERS:
		json_array_begin(json);
		for (size_t i = 0; i < value->numbers.n; i++)
			json_u64(json, value->numbers.items[i]);
		json_array_end(json);
		break;
	}
}
