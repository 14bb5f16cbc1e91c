#include "decoders/image/decode.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "decoders/image/extra.h"
#include "decoders/image/wire.h"
#include "decoders/proto/names.h"

/* How deep a field's own facts reach: "hex" on a message field covers all integers inside. */
struct view {
	struct json *json;
	bool readable;
	bool hex;
};

static void print_message(const struct view *view, const ProtobufCMessage *message,
			  const struct schema_message *schema);

/* --- numbers ------------------------------------------------------------------------------ */

static void print_text(struct json *json, const char *text)
{
	json_text(json, bytes_of(text));
}

/* "A | B | 0x40" */
static void print_flags(struct json *json, uint64_t value, const struct name_table *table)
{
	struct out joined;

	out_init(&joined, -1);
	for (unsigned i = 0; i < table->n; i++) {
		if (!(value & table->names[i].value))
			continue;
		out_text(&joined, joined.len ? " | " : "");
		out_text(&joined, table->names[i].name);
	}
	for (unsigned i = 0; i < table->n; i++)
		value &= ~table->names[i].value;
	if (value) {
		out_text(&joined, joined.len ? " | " : "");
		out_hex(&joined, value);
	}
	json_text(json, out_held(&joined));
	out_deinit(&joined);
}

/* The kernel's 20 minor bits, or the C library's split of a 64-bit number. */
static void print_device(struct json *json, uint64_t value, bool odev)
{
	uint64_t major = value >> 20, minor = value & 0xfffff;
	char text[48];

	if (odev) {
		major = (value >> 8 & 0xfff) | (value >> 32 & 0xfffff000);
		minor = (value & 0xff) | (value >> 12 & 0xffffff00);
	}
	snprintf(text, sizeof(text), "%llu:%llu", (unsigned long long)major,
		 (unsigned long long)minor);
	print_text(json, text);
}

static void print_number(const struct view *view, const struct schema_field *facts, int64_t value,
			 bool is_signed)
{
	const char *name;

	if (view->readable && facts->show == SHOW_FLAGS) {
		print_flags(view->json, (uint64_t)value, facts->names);
	} else if (view->readable && facts->show == SHOW_NAMES &&
		   (name = name_of(facts->names, (uint64_t)value))) {
		print_text(view->json, name);
	} else if (view->readable && (facts->show == SHOW_DEV || facts->show == SHOW_ODEV)) {
		print_device(view->json, (uint64_t)value, facts->show == SHOW_ODEV);
	} else if (view->readable && (view->hex || facts->show == SHOW_HEX)) {
		json_hex(view->json, (uint64_t)value);
	} else if (is_signed) {
		json_i64(view->json, value);
	} else {
		json_u64(view->json, (uint64_t)value);
	}
}

static void print_enum(struct json *json, const ProtobufCEnumDescriptor *names, int value)
{
	const ProtobufCEnumValue *named = protobuf_c_enum_descriptor_get_value(names, value);

	if (named)
		print_text(json, named->name);
	else
		json_i64(json, value);
}

/* --- bytes -------------------------------------------------------------------------------- */

/*
 * Quoted-printable as MIME has it: lines of at most 76 characters, a soft break "=\n" between
 * them, space and tab literal unless they end a line.
 */
static void print_quoted_printable(struct json *json, struct bytes bytes)
{
	struct out text;
	size_t column = 0;

	out_init(&text, -1);
	for (size_t i = 0; i < bytes.len; i++) {
		uint8_t c = bytes.data[i];
		bool last = i + 1 == bytes.len || bytes.data[i + 1] == '\n';
		bool plain = c == '\n' || (c >= 33 && c <= 126 && c != '=') ||
			     ((c == ' ' || c == '\t') && !last);
		size_t width = plain ? 1 : 3;

		if (c != '\n' && column + width > (last ? 76u : 75u)) {
			out_text(&text, "=\n");
			column = 0;
		}
		if (plain)
			out_char(&text, (char)c);
		else
			out_printf(&text, "=%02X", c);
		column = c == '\n' ? 0 : column + width;
	}
	json_text(json, out_held(&text));
	out_deinit(&text);
}

static void print_bytes(struct json *json, const struct schema_field *facts, struct bytes bytes)
{
	if (facts->show == SHOW_UNIX_NAME) {
		print_quoted_printable(json, bytes);
	} else if (!facts->text) {
		json_base64(json, bytes);
	} else if (utf8_valid(bytes)) {
		json_exact(json, bytes);
	} else {
		json_object_begin(json);
		json_key(json, "$bytes");
		json_base64(json, bytes);
		json_object_end(json);
	}
}

/* --- fields ------------------------------------------------------------------------------- */

static size_t element_size(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		return 8;
	case PROTOBUF_C_TYPE_MESSAGE:
	case PROTOBUF_C_TYPE_STRING:
		return sizeof(void *);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	default:
		return 4;
	}
}

static void print_value(const struct view *view, const ProtobufCFieldDescriptor *field,
			const struct schema_field *facts, const void *value)
{
	const ProtobufCBinaryData *bytes = value;
	struct view inside = *view;

	switch (field->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
		print_number(view, facts, *(const int32_t *)value, true);
		break;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		print_number(view, facts, *(const int64_t *)value, true);
		break;
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		print_number(view, facts, *(const uint32_t *)value, false);
		break;
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		print_number(view, facts, (int64_t)*(const uint64_t *)value, false);
		break;
	case PROTOBUF_C_TYPE_BOOL:
		json_bool(view->json, *(const protobuf_c_boolean *)value);
		break;
	case PROTOBUF_C_TYPE_ENUM:
		print_enum(view->json, field->descriptor, *(const int *)value);
		break;
	case PROTOBUF_C_TYPE_BYTES:
		print_bytes(view->json, facts, (struct bytes){ bytes->data, bytes->len });
		break;
	case PROTOBUF_C_TYPE_MESSAGE:
		inside.hex |= facts->show == SHOW_HEX;
		print_message(&inside, *(const ProtobufCMessage *const *)value, facts->message);
		break;
	case PROTOBUF_C_TYPE_FLOAT:
		json_double(view->json, *(const float *)value);
		break;
	case PROTOBUF_C_TYPE_DOUBLE:
		json_double(view->json, *(const double *)value);
		break;
	case PROTOBUF_C_TYPE_STRING: /* the schema has none */
		json_null(view->json);
		break;
	}
}

/* One word is an IPv4 address, four are an IPv6 one, each word in network order. */
static void print_address(struct json *json, const uint32_t *words, size_t n)
{
	char text[INET6_ADDRSTRLEN];

	json_array_begin(json);
	if ((n == 1 || n == 4) && inet_ntop(n == 1 ? AF_INET : AF_INET6, words, text, sizeof(text)))
		print_text(json, text);
	else
		for (size_t i = 0; i < n; i++)
			json_u64(json, words[i]);
	json_array_end(json);
}

static void print_repeated(const struct view *view, const ProtobufCFieldDescriptor *field,
			   const struct schema_field *facts, const uint8_t *items, size_t n)
{
	json_key(view->json, field->name);
	if (view->readable && facts->show == SHOW_IPADD) {
		print_address(view->json, (const uint32_t *)(const void *)items, n);
		return;
	}
	json_array_begin(view->json);
	for (size_t i = 0; i < n; i++)
		print_value(view, field, facts, items + i * element_size(field->type));
	json_array_end(view->json);
}

static void print_field(const struct view *view, const ProtobufCFieldDescriptor *field,
			const struct schema_field *facts, const uint8_t *message)
{
	const void *value = message + field->offset;
	const void *quantifier = message + field->quantifier_offset;

	if (field->label == PROTOBUF_C_LABEL_REPEATED) {
		size_t n = *(const size_t *)quantifier;

		if (n)
			print_repeated(view, field, facts, *(const uint8_t *const *)value, n);
		return;
	}
	if (field->type == PROTOBUF_C_TYPE_MESSAGE ? *(const void *const *)value == NULL
						   : !*(const protobuf_c_boolean *)quantifier)
		return;
	json_key(view->json, field->name);
	print_value(view, field, facts, value);
}

/* {"field": number, "wire": type, "bytes": the field's value as it stands in the image} */
static void print_unknown(struct json *json, const ProtobufCMessageUnknownField *field)
{
	json_object_begin(json);
	json_key_u64(json, "field", field->tag);
	json_key_u64(json, "wire", field->wire_type);
	json_key(json, "bytes");
	json_base64(json, (struct bytes){ field->data, field->len });
	json_object_end(json);
}

/* The fields of a message, without the braces. */
static void print_fields(const struct view *view, const ProtobufCMessage *message,
			 const struct schema_message *schema)
{
	const ProtobufCMessageDescriptor *pb = schema->pb;

	for (unsigned i = 0; i < pb->n_fields; i++)
		print_field(view, &pb->fields[i], &schema->fields[i], (const uint8_t *)message);
	if (message->n_unknown_fields == 0)
		return;
	json_key(view->json, "$unknown");
	json_array_begin(view->json);
	for (unsigned i = 0; i < message->n_unknown_fields; i++)
		print_unknown(view->json, &message->unknown_fields[i]);
	json_array_end(view->json);
}

static void print_message(const struct view *view, const ProtobufCMessage *message,
			  const struct schema_message *schema)
{
	json_object_begin(view->json);
	print_fields(view, message, schema);
	json_object_end(view->json);
}

void decode_message(const ProtobufCMessage *message, const struct schema_message *schema,
		    bool readable, struct json *json)
{
	struct view view = { .json = json, .readable = readable };

	print_message(&view, message, schema);
}

/* --- entries and images ------------------------------------------------------------------- */

/* "... <1.5KB>" */
static void print_size(struct json *json, uint64_t size)
{
	static const char *const units[] = { "", "K", "M", "G", "T", "P", "E" };
	double value = (double)size;
	unsigned unit = 0;
	char text[48];

	while (value >= 1024 && unit + 1 < ARRAY_SIZE(units))
		value /= 1024, unit++;
	snprintf(text, sizeof(text), value == (double)(uint64_t)value ? "... <%.0f%sB>" : "... <%.1f%sB>",
		 value, units[unit]);
	print_text(json, text);
}

static void print_ghost_chunks(const struct image_entry *entry, bool big_endian,
			       const struct decode_options *options, struct json *json)
{
	struct cursor cursor = cursor_over(entry->extra, big_endian);
	struct ghost_chunk chunk;

	while (cursor_left(&cursor)) {
		struct error *error = ghost_next_chunk(&cursor, &chunk);

		error_free(error);
		if (error) /* measuring the extra has reported it */
			return;
		json_object_begin(json);
		json_key_u64(json, "len", chunk.bytes.len);
		json_key_u64(json, "off", chunk.offset);
		json_key(json, "extra");
		if (options->no_payload)
			print_size(json, chunk.bytes.len);
		else
			json_base64(json, chunk.bytes);
		json_object_end(json);
	}
}

static bool is_chunked(const struct image_entry *entry, const struct extra *extra)
{
	uint64_t chunks = 0;

	return extra && extra->chunked && wire_number(entry->payload, 9, &chunks) && chunks;
}

void decode_entry(const struct image_entry *entry, bool big_endian,
		  const struct decode_options *options, const struct extra *extra,
		  struct json *json)
{
	struct view view = { .json = json, .readable = options->readable };
	bool chunked = is_chunked(entry, extra);

	json_object_begin(json);
	print_fields(&view, entry->message, entry->schema);
	if (extra && !chunked) {
		json_key(json, "extra");
		if (options->no_payload)
			print_size(json, entry->extra_payload);
		else
			extra->print(entry->message, entry->extra, big_endian, json);
	}
	json_object_end(json);
	if (chunked)
		print_ghost_chunks(entry, big_endian, options, json);
}

void decode_image(struct image_reader *reader, const struct decode_options *options,
		  struct json *json)
{
	const struct image_kind *kind = reader->header.kind;
	struct image_entry entry;

	json_object_begin(json);
	json_key_text(json, "magic", kind->label ? kind->label : kind->name);
	if (!kind->message) {
		json_key(json, "raw");
		if (options->no_payload)
			print_size(json, reader->image.len);
		else
			json_base64(json, reader->image);
		json_object_end(json);
		return;
	}
	json_key(json, "entries");
	json_array_begin(json);
	while (image_next(reader, &entry))
		decode_entry(&entry, reader->header.big_endian, options, kind->extra, json);
	json_array_end(json);
	json_object_end(json);
}
