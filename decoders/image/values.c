#include "decoders/image/values.h"

#include <arpa/inet.h>
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>

#include "decoders/base/json_c.h"
#include "decoders/base/nearest.h"
#include "decoders/base/size.h"
#include "decoders/base/transfer.h"
#include "decoders/image/wire.h"
#include "decoders/proto/names.h"

enum { SHOWN_TEXT = 60 }; /* of a value that is wrong */

/* --- errors ----------------------------------------------------------------------------------- */

struct error *reading_error(const struct reading *reading, const struct json_place *place,
			    const char *format, ...)
{
	struct error *error;
	struct out where;
	char *message;
	va_list args;

	out_init(&where, -1);
	if (reading->text.data) {
		size_t line, column;

		json_line_and_column(reading->text,
				     json_locate(reading->text, reading->start, reading->root, place),
				     &line, &column);
		out_printf(&where, "line %zu, column %zu: ", line, column);
	}
	json_print_place(&where, place);
	va_start(args, format);
	if (vasprintf(&message, format, args) < 0)
		out_of_memory();
	va_end(args);
	error = error_new(reading->kind, "%.*s%s%s", BYTES_FMT(out_held(&where)), place ? ": " : "",
			  message);
	free(message);
	out_deinit(&where);
	return error;
}

struct error *reading_unknown(const struct reading *reading, const struct json_place *place,
			      const char *key, const char *const *words, size_t n)
{
	struct nearest nearest = nearest_to(bytes_of(key));

	for (size_t i = 0; i < n; i++)
		nearest_try(&nearest, bytes_of(words[i]));
	return nearest_hint(&nearest,
			    reading_error(reading, place, "there is no \"%.*s\"", SHOWN_TEXT, key), NULL);
}

const char *value_type(struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_null:
		return "null";
	case json_type_boolean:
		return "true or false";
	case json_type_int:
	case json_type_double:
		return "a number";
	case json_type_object:
		return "an object";
	case json_type_array:
		return "a list";
	case json_type_string:
		return "text";
	}
	return "nothing";
}

static struct error *wrong_type(const struct reading *reading, const struct json_place *place,
				struct json_object *value, const char *wanted)
{
	if (json_object_is_type(value, json_type_double))
		return reading_error(reading, place, "%s is wanted, not %s", wanted,
				     json_object_to_json_string(value));
	return reading_error(reading, place, "%s is wanted, not %s", wanted, value_type(value));
}

static struct bytes text_of(struct json_object *value)
{
	return (struct bytes){ (const uint8_t *)json_object_get_string(value),
			       (size_t)json_object_get_string_len(value) };
}

/* --- numbers ---------------------------------------------------------------------------------- */

struct number {
	uint64_t bits; /* of a negative one in two's complement */
	bool negative;
	bool pattern;  /* written as bits: 0xffffffffffffffff may be -1 */
};

struct range {
	int64_t min;
	uint64_t max;
};

static struct range range_of(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		return (struct range){ 0, UINT32_MAX };
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		return (struct range){ 0, UINT64_MAX };
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		return (struct range){ INT64_MIN, INT64_MAX };
	default:
		return (struct range){ INT32_MIN, INT32_MAX };
	}
}

static bool fits(struct number number, struct range range)
{
	if (number.pattern && range.min < 0 && number.bits > INT64_MAX)
		number.negative = true;
	return number.negative ? (int64_t)number.bits >= range.min : number.bits <= range.max;
}

static bool take_digits(struct bytes text, unsigned base, uint64_t *ret)
{
	uint64_t value = 0;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i] | 0x20;
		unsigned digit = c >= '0' && c <= '9'	? c - (unsigned)'0'
				 : c >= 'a' && c <= 'f' ? c - (unsigned)'a' + 10
							: 16;

		if (digit >= base || !size_mul(value, base, &value) ||
		    !size_add(value, digit, &value))
			return false;
	}
	*ret = value;
	return text.len > 0;
}

/* "12", "-12", "0x1f". */
static bool parse_number(struct bytes text, struct number *ret)
{
	struct number number = { .negative = bytes_start_with(text, BYTES("-")) };
	struct bytes digits = bytes_from(text, number.negative);

	if (bytes_start_with(digits, BYTES("0x"))) {
		number.pattern = !number.negative;
		if (!take_digits(bytes_from(digits, 2), 16, &number.bits))
			return false;
	} else if (!take_digits(digits, 10, &number.bits)) {
		return false;
	}
	if (number.negative) {
		if (number.bits > (uint64_t)INT64_MAX + 1)
			return false;
		number.bits = -number.bits;
		number.negative = number.bits != 0;
	}
	*ret = number;
	return true;
}

static bool parse_name(const struct name_table *table, struct bytes text, uint64_t *ret)
{
	for (unsigned i = 0; i < table->n; i++)
		if (bytes_equal(bytes_of(table->names[i].name), text)) {
			*ret = table->names[i].value;
			return true;
		}
	return false;
}

static struct bytes trimmed(struct bytes text)
{
	while (text.len && text.data[0] == ' ')
		text = bytes_from(text, 1);
	while (text.len && text.data[text.len - 1] == ' ')
		text.len--;
	return text;
}

/* "A | B | 0x40"; nothing is no flag. */
static bool parse_flags(const struct name_table *table, struct bytes text, struct number *ret)
{
	struct number all = { .pattern = true }, one;
	size_t at;

	for (text = trimmed(text); text.len; text = bytes_from(text, at + 1)) {
		struct bytes word = trimmed(bytes_first(text, at = bytes_find(text, '|')));

		if (parse_name(table, word, &one.bits))
			all.bits |= one.bits;
		else if (parse_number(word, &one))
			all.bits |= one.bits;
		else
			return false;
	}
	*ret = all;
	return true;
}

/* "major:minor", as decode splits a number. */
static bool parse_device(struct bytes text, bool odev, struct number *ret)
{
	size_t colon = bytes_find(text, ':');
	uint64_t major, minor;

	if (!take_digits(bytes_first(text, colon), 10, &major) ||
	    !take_digits(bytes_from(text, colon + 1), 10, &minor))
		return false;
	if (odev ? major > UINT32_MAX || minor > UINT32_MAX : major >> 44 || minor >> 20)
		return false;
	*ret = (struct number){
		.bits = odev ? (major & 0xfff) << 8 | (major & 0xfffff000) << 32 | (minor & 0xff) |
				       (minor & 0xffffff00) << 12
			     : major << 20 | minor,
	};
	return true;
}

static bool parse_shown(const struct schema_field *facts, struct bytes text, struct number *ret)
{
	*ret = (struct number){ 0 };
	switch (facts->show) {
	case SHOW_FLAGS:
		return parse_flags(facts->names, text, ret);
	case SHOW_NAMES:
		return parse_name(facts->names, text, &ret->bits) || parse_number(text, ret);
	case SHOW_DEV:
	case SHOW_ODEV:
		return parse_device(text, facts->show == SHOW_ODEV, ret) || parse_number(text, ret);
	default:
		return parse_number(text, ret);
	}
}

static struct error *not_a_number(const struct reading *reading, const struct json_place *place,
				  const struct schema_field *facts, struct json_object *value)
{
	struct bytes text = text_of(value);
	struct nearest nearest = nearest_to(text);
	unsigned n = facts->names ? facts->names->n : 0;

	for (unsigned i = 0; i < n; i++)
		nearest_try(&nearest, bytes_of(facts->names->names[i].name));
	return nearest_hint(&nearest,
			    reading_error(reading, place, "\"%.*s\" is no number%s",
					  BYTES_FMT(bytes_first(text, SHOWN_TEXT)),
					  n ? ", and no name of one" : ""),
			    NULL);
}

static struct error *read_number(const struct reading *reading, const struct json_place *place,
				 struct json_object *value, const struct schema_field *facts,
				 struct range range, uint64_t *ret)
{
	struct number number = { 0 };

	if (json_object_is_type(value, json_type_int)) {
		number.negative = json_object_get_int64(value) < 0;
		number.bits = number.negative ? (uint64_t)json_object_get_int64(value)
					      : json_object_get_uint64(value);
	} else if (!json_object_is_type(value, json_type_string)) {
		return wrong_type(reading, place, value, "an integer");
	} else if (!parse_shown(facts, text_of(value), &number)) {
		return not_a_number(reading, place, facts, value);
	}
	if (!fits(number, range))
		return reading_error(reading, place, "%.*s is out of range: %lld to %llu", SHOWN_TEXT,
				     json_object_get_string(value), (long long)range.min,
				     (unsigned long long)range.max);
	*ret = number.bits;
	return NULL;
}

struct error *read_u64(const struct reading *reading, const struct json_place *place,
		       struct json_object *value, uint64_t max, uint64_t *ret)
{
	static const struct schema_field plain = { 0 };

	return read_number(reading, place, value, &plain, (struct range){ 0, max }, ret);
}

static struct error *read_enum(const struct reading *reading, const struct json_place *place,
			       struct json_object *value, const ProtobufCEnumDescriptor *names,
			       uint64_t *ret)
{
	static const struct schema_field plain = { 0 };
	const ProtobufCEnumValue *named = NULL;
	const char *words[256];
	struct number number;
	size_t n = 0;

	if (!json_object_is_type(value, json_type_string) || parse_number(text_of(value), &number))
		return read_number(reading, place, value, &plain, range_of(PROTOBUF_C_TYPE_ENUM),
				   ret);
	named = protobuf_c_enum_descriptor_get_value_by_name(names, json_object_get_string(value));
	if (named) {
		*ret = (uint64_t)(int64_t)named->value;
		return NULL;
	}
	while (n < names->n_values && n < ARRAY_SIZE(words)) {
		words[n] = names->values[n].name;
		n++;
	}
	return reading_unknown(reading, place, json_object_get_string(value), words, n);
}

/* --- bytes ------------------------------------------------------------------------------------ */

struct error *read_base64(const struct reading *reading, const struct json_place *place,
			  struct json_object *value, struct bytes *ret)
{
	if (!json_object_is_type(value, json_type_string))
		return wrong_type(reading, place, value, "base64 text");
	if (bytes_start_with(text_of(value), BYTES("... <")))
		return reading_error(reading, place,
				     "only the size of the content is there, as --no-payload leaves it");
	if (!base64_decode(reading->arena, text_of(value), ret))
		return reading_error(reading, place, "this is not base64");
	return NULL;
}

static struct error *read_text(const struct reading *reading, const struct json_place *place,
			       struct json_object *value, struct bytes *ret)
{
	static const char *const keys[] = { "$bytes" };
	struct json_place inside = { .parent = place, .key = keys[0] };
	struct json_object *bytes;
	struct error *error;

	if (json_object_is_type(value, json_type_string)) {
		*ret = arena_copy(reading->arena, text_of(value));
		return NULL;
	}
	if (!json_object_is_type(value, json_type_object))
		return wrong_type(reading, place, value, "text or {\"$bytes\": ...}");
	error = read_members(reading, place, value, keys, 1, &bytes);
	return error ? error : read_base64(reading, &inside, bytes, ret);
}

static struct error *read_bytes(const struct reading *reading, const struct json_place *place,
				struct json_object *value, const struct schema_field *facts,
				struct bytes *ret)
{
	if (facts->show == SHOW_UNIX_NAME) {
		if (!json_object_is_type(value, json_type_string))
			return wrong_type(reading, place, value, "quoted-printable text");
		if (!quoted_printable_decode(reading->arena, text_of(value), ret))
			return reading_error(reading, place, "this is not quoted-printable text");
		return NULL;
	}
	return facts->text ? read_text(reading, place, value, ret)
			   : read_base64(reading, place, value, ret);
}

/* --- fields ----------------------------------------------------------------------------------- */

struct error *read_scalar(const struct reading *reading, const struct json_place *place,
			  struct json_object *value, const ProtobufCFieldDescriptor *field,
			  const struct schema_field *facts, void *ret)
{
	struct error *error;
	struct bytes bytes;
	uint64_t bits;

	if (field->type == PROTOBUF_C_TYPE_BOOL) {
		if (!json_object_is_type(value, json_type_boolean))
			return wrong_type(reading, place, value, "true or false");
		*(protobuf_c_boolean *)ret = json_object_get_boolean(value);
		return NULL;
	}
	if (field->type == PROTOBUF_C_TYPE_BYTES) {
		error = read_bytes(reading, place, value, facts, &bytes);
		if (!error)
			*(ProtobufCBinaryData *)ret = (ProtobufCBinaryData){
				bytes.len, (uint8_t *)(uintptr_t)bytes.data
			};
		return error;
	}
	error = field->type == PROTOBUF_C_TYPE_ENUM
			? read_enum(reading, place, value, field->descriptor, &bits)
			: read_number(reading, place, value, facts, range_of(field->type), &bits);
	if (error)
		return error;
	if (wire_element_size(field->type) == sizeof(uint32_t))
		*(uint32_t *)ret = (uint32_t)bits;
	else
		*(uint64_t *)ret = bits;
	return NULL;
}

bool read_address(const struct reading *reading, struct json_object *value, uint32_t ret[4],
		  size_t *ret_n)
{
	const char *text = json_object_get_string(value);

	if (!json_object_is_type(value, json_type_string))
		return false;
	if (inet_pton(AF_INET, text, ret) == 1)
		*ret_n = 1;
	else if (inet_pton(AF_INET6, text, ret) == 1)
		*ret_n = 4;
	else
		return false;
	for (size_t i = 0; i < *ret_n; i++)
		ret[i] = reading->big_endian ? be32toh(ret[i]) : le32toh(ret[i]);
	return true;
}

struct error *read_members(const struct reading *reading, const struct json_place *place,
			   struct json_object *object, const char *const *keys, size_t n,
			   struct json_object **ret)
{
	if (!json_object_is_type(object, json_type_object))
		return wrong_type(reading, place, object, "an object");
	json_object_object_foreach(object, key, value)
	{
		struct json_place inside = { .parent = place, .key = key };
		size_t i = 0;

		(void)value;
		while (i < n && strcmp(keys[i], key) != 0)
			i++;
		if (i == n)
			return reading_unknown(reading, &inside, key, keys, n);
	}
	for (size_t i = 0; i < n; i++)
		if (!json_object_object_get_ex(object, keys[i], &ret[i]))
			return reading_error(reading, place, "\"%s\" is missing", keys[i]);
	return NULL;
}
