#include "decoders/image/offsets.h"

#include "decoders/base/cursor.h"
#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "decoders/image/decode.h"
#include "decoders/image/extra.h"

struct listing {
	const struct image_reader *reader;
	struct json *json; /* NULL: text */
	struct out *out;
	struct out value;                /* of the field that is being shown, as JSON */
	bool hex[PRESCAN_DEPTH + 1];     /* by depth: numbers in that message are shown so */
	struct image_entry entry;        /* the one that is being shown */
	bool in_entry;
	uint64_t shown;                  /* where what was shown ends */
};

static const char *const wire_names[] = {
	[WIRE_VARINT] = "varint",
	[WIRE_FIXED64] = "fixed64",
	[WIRE_LENGTH] = "length",
	[WIRE_FIXED32] = "fixed32",
};

/* --- rows ------------------------------------------------------------------------------------- */

/* The head of a row; TEXT is its rest where it is a line. */
static void begin_row(struct listing *listing, uint64_t offset, uint64_t len, const char *what)
{
	if (listing->json) {
		json_object_begin(listing->json);
		json_key_u64(listing->json, "offset", offset);
		json_key_u64(listing->json, "length", len);
		json_key_text(listing->json, "what", what);
		return;
	}
	out_printf(listing->out, "0x%08llx %10llu  ", (unsigned long long)offset,
		   (unsigned long long)len);
}

static void end_row(struct listing *listing)
{
	if (listing->json)
		json_object_end(listing->json);
	else
		out_char(listing->out, '\n');
}

static void show_word(struct listing *listing, uint64_t offset, uint32_t word, const char *name)
{
	begin_row(listing, offset, sizeof(word), "magic");
	if (listing->json) {
		json_key(listing->json, "value");
		json_hex(listing->json, word);
	} else {
		out_printf(listing->out, "magic 0x%08x %s", word, name);
	}
	end_row(listing);
}

static void show_header(struct listing *listing)
{
	const struct image_header *header = &listing->reader->header;
	struct cursor cursor = cursor_over(bytes_first(listing->reader->image, header->len),
					   header->big_endian);
	uint32_t word;

	for (uint64_t offset = 0; cursor_u32(&cursor, &word); offset += sizeof(word))
		show_word(listing, offset, word,
			  word == header->magic ? header->kind->name : image_first_names[header->first]);
	listing->shown = header->len;
}

/* Bytes up to END that are nothing. */
static void show_rest(struct listing *listing, uint64_t end)
{
	if (listing->shown < end) {
		begin_row(listing, listing->shown, end - listing->shown, "damaged");
		if (!listing->json)
			out_text(listing->out, "damaged");
		end_row(listing);
	}
	listing->shown = end;
}

/* --- entries ---------------------------------------------------------------------------------- */

static uint64_t payload_end(const struct image_entry *entry)
{
	return entry->offset + sizeof(uint32_t) + entry->payload.len;
}

static void close_entry(struct listing *listing)
{
	if (listing->in_entry)
		show_rest(listing, payload_end(&listing->entry));
	listing->in_entry = false;
}

static void show_entry(void *context, const struct image_entry *entry)
{
	struct listing *listing = context;

	close_entry(listing);
	listing->entry = *entry;
	listing->in_entry = true;
	begin_row(listing, entry->offset, sizeof(uint32_t), "entry");
	if (listing->json) {
		json_key_u64(listing->json, "entry", entry->index);
		json_key_text(listing->json, "message", entry->schema->name);
		json_key_u64(listing->json, "value", entry->payload.len);
	} else {
		out_printf(listing->out, "entries[%u] %s, %zu bytes", entry->index, entry->schema->name,
			   entry->payload.len);
	}
	end_row(listing);
	listing->shown = entry->offset + sizeof(uint32_t);
}

static void show_extra(struct listing *listing, const struct image_entry *entry)
{
	uint64_t offset = payload_end(entry);

	if (!listing->reader->header.kind->extra)
		return;
	begin_row(listing, offset, entry->extra.len, "extra");
	if (listing->json) {
		json_key_u64(listing->json, "entry", entry->index);
		json_key_u64(listing->json, "payload", entry->extra_payload);
	} else {
		out_printf(listing->out, "extra of entries[%u], %llu bytes of content", entry->index,
			   (unsigned long long)entry->extra_payload);
	}
	end_row(listing);
	listing->shown = offset + entry->extra.len;
}

/* --- fields ----------------------------------------------------------------------------------- */

static void print_unknown(const struct prescan_field *field, struct json *json)
{
	struct cursor cursor = cursor_over(field->value, false);
	uint64_t number;

	if (field->wire == WIRE_VARINT && cursor_varint(&cursor, &number))
		json_u64(json, number);
	else
		json_base64(json, field->value);
}

/* The value as JSON; of a message nothing. */
static void value_of(struct listing *listing, const struct prescan_field *field)
{
	const ProtobufCFieldDescriptor *known = NULL;
	struct json json;

	out_clear(&listing->value);
	json_init(&json, &listing->value, JSON_ONE_LINE);
	if (field->index != SIZE_MAX)
		known = &field->schema->pb->fields[field->index];
	if (!known)
		print_unknown(field, &json);
	else if (field->wire != wire_type_of(known)) /* packed */
		json_base64(&json, field->value);
	else if (known->type != PROTOBUF_C_TYPE_MESSAGE)
		decode_wire_value(field->value, known, &field->schema->fields[field->index],
				  listing->hex[field->depth], &json);
}

static void show_json_field(struct listing *listing, const struct prescan_field *field,
			    const char *name, const struct schema_message *message)
{
	struct json *json = listing->json;

	json_key_u64(json, "entry", listing->entry.index);
	json_key_u64(json, "depth", field->depth);
	json_key_u64(json, "field", field->number);
	json_key_text(json, "wire", wire_names[field->wire]);
	json_key(json, "name");
	if (name)
		json_text(json, bytes_of(name));
	else
		json_null(json);
	json_key_u64(json, "value_offset", field->value_offset);
	json_key_u64(json, "value_length", field->value.len);
	if (message) {
		json_key_text(json, "message", message->name);
	} else {
		json_key(json, "value");
		json_raw(json, out_held(&listing->value));
	}
}

static void show_text_field(struct listing *listing, const struct prescan_field *field,
			    const char *name, const struct schema_message *message)
{
	struct bytes value = out_held(&listing->value);
	struct bytes cut = bytes_first(value, OFFSETS_TEXT_VALUE);

	while (cut.len && !utf8_valid(cut))
		cut.len--;
	out_repeat(listing->out, ' ', 2 * ((size_t)field->depth + 1));
	out_printf(listing->out, "%u %s %s at 0x%llx", field->number, wire_names[field->wire],
		   name ? name : "(unknown)", (unsigned long long)field->value_offset);
	if (message)
		out_printf(listing->out, ": %s, %zu bytes", message->name, field->value.len);
	else
		out_text(listing->out, " = ");
	out_bytes(listing->out, cut);
	out_text(listing->out, cut.len < value.len ? "..." : "");
}

static void show_field(void *context, const struct prescan_field *field)
{
	struct listing *listing = context;
	const struct schema_field *facts =
		field->index == SIZE_MAX ? NULL : &field->schema->fields[field->index];
	const char *name = facts ? field->schema->pb->fields[field->index].name : NULL;
	const struct schema_message *message = facts ? facts->message : NULL;
	uint64_t end = field->value_offset + field->value.len;

	listing->hex[field->depth + 1] =
		message && (listing->hex[field->depth] || facts->show == SHOW_HEX);
	value_of(listing, field);
	begin_row(listing, field->offset, end - field->offset, "field");
	if (listing->json)
		show_json_field(listing, field, name, message);
	else
		show_text_field(listing, field, name, message);
	end_row(listing);
	listing->shown = message ? field->value_offset : end;
}

/* --- images ----------------------------------------------------------------------------------- */

static void show_entries(struct listing *listing, struct image_reader *reader)
{
	struct image_observer observer = {
		.entry = show_entry,
		.fields = { .field = show_field, .context = listing },
	};
	struct image_entry entry;

	reader->observer = &observer;
	while (image_next(reader, &entry)) {
		close_entry(listing);
		show_extra(listing, &entry);
	}
	reader->observer = NULL;
	close_entry(listing);
}

void decode_offsets(struct image_reader *reader, struct json *json, struct out *out)
{
	struct listing listing = { .reader = reader, .json = json, .out = out };

	out_init(&listing.value, -1);
	if (json)
		json_array_begin(json);
	show_header(&listing);
	show_entries(&listing, reader);
	if (reader->header.kind->message)
		show_rest(&listing, reader->image.len);
	if (json)
		json_array_end(json);
	out_deinit(&listing.value);
}
