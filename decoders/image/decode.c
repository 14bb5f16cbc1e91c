#include "decoders/image/decode.h"

#include <arpa/inet.h>
#include <endian.h>
#include <stdio.h>

#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "decoders/image/extra.h"
#include "decoders/image/pack.h"
#include "decoders/image/wire.h"
#include "decoders/proto/names.h"

/* How deep a field's own facts reach: "hex" on a message field covers all integers inside. */
struct view {
	struct json *json;
	bool readable;
	bool big_endian;
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

/*
 * One word is an IPv4 address, four are an IPv6 one. The bytes of a word are in network order
 * in the memory of the machine that wrote it.
 */
static void print_address(const struct view *view, const uint32_t *words, size_t n)
{
	struct json *json = view->json;
	char text[INET6_ADDRSTRLEN];
	uint32_t bytes[4];

	for (size_t i = 0; i < n && i < ARRAY_SIZE(bytes); i++)
		bytes[i] = view->big_endian ? htobe32(words[i]) : htole32(words[i]);
	json_array_begin(json);
	if ((n == 1 || n == 4) && inet_ntop(n == 1 ? AF_INET : AF_INET6, bytes, text, sizeof(text)))
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
		print_address(view, (const uint32_t *)(const void *)items, n);
		return;
	}
	json_array_begin(view->json);
	for (size_t i = 0; i < n; i++)
		print_value(view, field, facts, items + i * wire_element_size(field->type));
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

/* --- values on the wire ----------------------------------------------------------------------- */

/* What protobuf-c would unpack it to. */
static uint64_t scalar_on_wire(struct bytes wire, ProtobufCType type, enum wire_type wire_type)
{
	struct cursor cursor = cursor_over(wire, false);
	uint64_t value = 0;
	uint32_t word = 0;
	bool whole;

	if (wire_type == WIRE_FIXED32)
		whole = cursor_u32(&cursor, &word);
	else if (wire_type == WIRE_FIXED64)
		whole = cursor_u64(&cursor, &value);
	else
		whole = cursor_varint(&cursor, &value);
	if (!whole) /* the pre-scan has seen to that */
		return 0;
	if (type == PROTOBUF_C_TYPE_SINT32)
		value = (uint32_t)value;
	if (type == PROTOBUF_C_TYPE_SINT32 || type == PROTOBUF_C_TYPE_SINT64)
		value = value >> 1 ^ -(value & 1);
	return wire_type == WIRE_FIXED32 ? word : value;
}

void decode_wire_value(struct bytes wire, const ProtobufCFieldDescriptor *field,
		       const struct schema_field *facts, bool hex, struct json *json)
{
	struct view view = { .json = json, .readable = true, .hex = hex };
	union {
		uint64_t wide;
		uint32_t word;
		protobuf_c_boolean truth;
		ProtobufCBinaryData bytes;
	} value = { 0 };

	if (wire_type_of(field) == WIRE_LENGTH) {
		value.bytes.data = (uint8_t *)(uintptr_t)wire.data;
		value.bytes.len = wire.len;
	} else {
		uint64_t scalar = scalar_on_wire(wire, field->type, wire_type_of(field));

		if (field->type == PROTOBUF_C_TYPE_BOOL)
			value.truth = scalar != 0;
		else if (wire_element_size(field->type) == sizeof(value.word))
			value.word = (uint32_t)scalar;
		else
			value.wide = scalar;
	}
	print_value(&view, field, facts, &value);
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

/* How the entries of one image are printed. */
struct printing {
	const struct image_reader *reader;
	const struct decode_options *options;
	struct json *json;
	struct out packed; /* the ordinary form of what is being printed */
};

/*
 * What its fields do not give back byte for byte (fields out of order, numbers longer than they
 * need to be, padding that is not zero) keeps its bytes. The first PACKED bytes are those that
 * were packed again; contents that are shown as they are need not be.
 */
static void print_wire(const struct printing *printing, struct bytes wire, size_t packed)
{
	if (printing->options->no_payload ||
	    bytes_equal(bytes_first(wire, packed), out_held(&printing->packed)))
		return;
	json_key(printing->json, "$wire");
	json_base64(printing->json, wire);
}

static void print_ghost_chunk(struct printing *printing, const struct ghost_chunk *chunk,
			      struct bytes wire)
{
	struct json *json = printing->json;

	json_object_begin(json);
	json_key_u64(json, "len", chunk->bytes.len);
	json_key_u64(json, "off", chunk->offset);
	json_key(json, "extra");
	if (printing->options->no_payload)
		print_size(json, chunk->bytes.len);
	else
		json_base64(json, chunk->bytes);
	out_clear(&printing->packed);
	ghost_pack_chunk(&printing->packed, chunk->offset, chunk->bytes,
			 printing->reader->header.big_endian);
	print_wire(printing, wire, wire.len);
	json_object_end(json);
}

static void print_ghost_chunks(struct printing *printing, struct bytes extra)
{
	struct cursor cursor = cursor_over(extra, printing->reader->header.big_endian);
	struct ghost_chunk chunk;

	while (cursor_left(&cursor)) {
		const uint8_t *start = cursor.pos;
		struct error *error = ghost_next_chunk(&cursor, &chunk);

		error_free(error);
		if (error) /* measuring the extra has reported it */
			return;
		print_ghost_chunk(printing, &chunk,
				  (struct bytes){ start, (size_t)(cursor.pos - start) });
	}
}

/*
 * Packs again what an entry's fields give: size, message, and extra where that may differ. Of the
 * entry's own bytes that is the first *RET_PACKED.
 */
static void pack_entry(struct printing *printing, const struct image_entry *entry, bool chunked,
		       size_t *ret_packed)
{
	bool big_endian = printing->reader->header.big_endian;
	const struct extra *extra = printing->reader->header.kind->extra;

	out_clear(&printing->packed);
	pack_u32(&printing->packed, (uint32_t)entry->payload.len, big_endian);
	pack_message(&printing->packed, entry->message);
	*ret_packed = sizeof(uint32_t) + entry->payload.len;
	if (extra && extra->pack && !chunked) {
		extra->pack(entry->message, entry->extra, big_endian, &printing->packed);
		*ret_packed += entry->extra.len;
	}
}

static void print_extra(const struct printing *printing, const struct image_entry *entry)
{
	const struct image_header *header = &printing->reader->header;

	json_key(printing->json, "extra");
	if (printing->options->no_payload)
		print_size(printing->json, entry->extra_payload);
	else
		header->kind->extra->print(entry->message, entry->extra, header->big_endian,
					   printing->json);
}

static void print_entry(struct printing *printing, const struct image_entry *entry)
{
	const struct image_reader *reader = printing->reader;
	const struct extra *extra = reader->header.kind->extra;
	struct view view = { .json = printing->json, .readable = printing->options->readable,
			     .big_endian = reader->header.big_endian };
	bool chunked = extra && extra->chunked && extra->chunked(entry->message);
	struct bytes wire = bytes_from(reader->image, entry->offset);
	size_t packed;

	wire = bytes_first(wire, sizeof(uint32_t) + entry->payload.len +
				 (chunked ? 0 : entry->extra.len));
	json_object_begin(view.json);
	print_fields(&view, entry->message, entry->schema);
	if (extra && !chunked)
		print_extra(printing, entry);
	pack_entry(printing, entry, chunked, &packed);
	print_wire(printing, wire, packed);
	json_object_end(view.json);
	if (chunked)
		print_ghost_chunks(printing, entry->extra);
}

void decode_entries(struct image_reader *reader, const struct decode_options *options,
		    struct json *json)
{
	struct printing printing = { .reader = reader, .options = options, .json = json };
	struct image_entry entry;

	out_init(&printing.packed, -1);
	json_array_begin(json);
	while (image_next(reader, &entry))
		print_entry(&printing, &entry);
	json_array_end(json);
	out_deinit(&printing.packed);
}

/* What of the header is not as usual. */
static void print_header(const struct image_header *header, struct json *json)
{
	if (header->first == header->kind->first && !header->big_endian)
		return;
	json_key(json, "$header");
	json_object_begin(json);
	if (header->first != header->kind->first)
		json_key_text(json, "first", image_first_names[header->first]);
	if (header->big_endian)
		json_key_text(json, "byte_order", "big");
	json_object_end(json);
}

void decode_image(struct image_reader *reader, const struct decode_options *options,
		  struct json *json)
{
	const struct image_kind *kind = reader->header.kind;

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
	print_header(&reader->header, json);
	json_key(json, "entries");
	decode_entries(reader, options, json);
	json_object_end(json);
}
