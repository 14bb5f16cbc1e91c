#include "decoders/image/edit.h"

#include <stdlib.h>

#include "decoders/base/json_c.h"
#include "decoders/base/size.h"
#include "decoders/image/build.h"
#include "decoders/image/extra.h"
#include "decoders/image/pack.h"
#include "decoders/image/wire.h"

enum { MOST_STEPS = 2 * 64 + 4, NO_INDEX = -1 };

/* "isk", "src_addr[0]" */
struct step {
	char *name;
	int64_t index; /* NO_INDEX: none */
};

/* An edit on its way to the field. */
struct editing {
	const struct edit *edit;
	struct reading reading;
	struct step steps[MOST_STEPS];
	size_t n_steps;
	bool done;
};

static struct error *edit_error(const struct editing *editing, const char *what)
{
	return error_new(ERROR_USAGE, "%.*s: %s", BYTES_FMT(editing->edit->path), what);
}

/* --- paths ------------------------------------------------------------------------------------ */

/* "[3]", which may be absent. */
static bool parse_index(struct bytes text, int64_t *ret)
{
	uint64_t value = 0;

	*ret = NO_INDEX;
	if (text.len == 0)
		return true;
	if (text.len < 3 || text.data[0] != '[' || text.data[text.len - 1] != ']')
		return false;
	for (size_t i = 1; i < text.len - 1; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		value = 10 * value + text.data[i] - '0';
		if (value > UINT32_MAX)
			return false;
	}
	*ret = (int64_t)value;
	return true;
}

static struct error *parse_path(struct editing *editing, struct arena *arena)
{
	struct bytes rest = editing->edit->path;

	while (rest.len) {
		struct bytes word = bytes_first(rest, bytes_find(rest, '.'));
		struct bytes name = bytes_first(word, bytes_find(word, '['));
		struct step *step = &editing->steps[editing->n_steps];

		if (editing->n_steps == MOST_STEPS || name.len == 0 ||
		    !parse_index(bytes_from(word, name.len), &step->index))
			return edit_error(editing, "not a path such as entries[3].regf.name");
		step->name = arena_text(arena, name);
		editing->n_steps++;
		rest = bytes_from(rest, word.len + 1);
	}
	if (editing->n_steps < 2 || strcmp(editing->steps[0].name, "entries") != 0 ||
	    editing->steps[0].index == NO_INDEX)
		return edit_error(editing, "a path begins with an entry and names a field: entries[0].pid");
	return NULL;
}

/* --- values ----------------------------------------------------------------------------------- */

/* What stands behind "=", as the JSON value that means it in a field of that type. */
static struct json_object *value_of(const struct edit *edit, ProtobufCType type)
{
	if (type == PROTOBUF_C_TYPE_BOOL && bytes_equal(edit->value, BYTES("true")))
		return json_object_new_boolean(true);
	if (type == PROTOBUF_C_TYPE_BOOL && bytes_equal(edit->value, BYTES("false")))
		return json_object_new_boolean(false);
	return json_object_new_string_len((const char *)edit->value.data, (int)edit->value.len);
}

/* One word of an address, or the whole, where a list holds one. */
static struct error *set_address(const struct editing *editing, const struct json_place *place,
				 struct json_object *value, uint32_t *words, size_t n, int64_t index,
				 bool *ret_is)
{
	uint32_t address[4];
	size_t len = 0;

	*ret_is = read_address(&editing->reading, value, address, &len);
	if (!*ret_is)
		return NULL;
	if (len != n || index > 0)
		return reading_error(&editing->reading, place, "%s takes %zu words, and there are %zu",
				     json_object_get_string(value), len, n);
	memcpy(words, address, len * sizeof(*words));
	return NULL;
}

static struct error *set_element(const struct editing *editing, const struct json_place *place,
				 struct json_object *value, const struct schema_message *schema,
				 size_t field_index, uint8_t *message, int64_t index)
{
	const ProtobufCFieldDescriptor *field = &schema->pb->fields[field_index];
	const struct schema_field *facts = &schema->fields[field_index];
	size_t n = *(const size_t *)(const void *)(message + field->quantifier_offset);
	uint8_t *items = *(uint8_t **)(void *)(message + field->offset);
	bool is_address = false;
	struct error *error = NULL;

	if (facts->show == SHOW_IPADD)
		error = set_address(editing, place, value, (uint32_t *)(void *)items, n, index,
				    &is_address);
	if (error || is_address)
		return error;
	if (index == NO_INDEX)
		return reading_error(&editing->reading, place, "this is a list of %zu: say which, as in "
				     "%s[0]", n, field->name);
	if ((uint64_t)index >= n)
		return reading_error(&editing->reading, place, "there are only %zu", n);
	return read_scalar(&editing->reading, place, value, field, facts,
			   items + (size_t)index * wire_element_size(field->type));
}

static struct error *set_field(const struct editing *editing, const struct json_place *place,
			       const struct schema_message *schema, size_t field_index,
			       ProtobufCMessage *message, int64_t index)
{
	const ProtobufCFieldDescriptor *field = &schema->pb->fields[field_index];
	bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
	struct json_object *value;
	struct error *error;

	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return reading_error(&editing->reading, place, "this is a message; name a field of it");
	if (!repeated && index != NO_INDEX)
		return reading_error(&editing->reading, place, "this is no list");
	value = value_of(editing->edit, field->type);
	if (!value)
		out_of_memory();
	error = repeated ? set_element(editing, place, value, schema, field_index, (uint8_t *)message,
				       index)
			 : build_field(&editing->reading, place, value, schema, field_index, message);
	json_object_put(value);
	return error;
}

/* --- the way down ----------------------------------------------------------------------------- */

/* A message that is absent: what is there in its place, as far as it is a message too. */
static struct error *none_here(const struct editing *editing, const struct json_place *place,
			       const ProtobufCMessage *message)
{
	const ProtobufCMessageDescriptor *pb = message->descriptor;
	const char *there = "";

	for (unsigned i = 0; i < pb->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &pb->fields[i];

		if (field->type == PROTOBUF_C_TYPE_MESSAGE && field->label != PROTOBUF_C_LABEL_REPEATED &&
		    *(void *const *)(const void *)((const uint8_t *)message + field->offset))
			there = arena_printf(editing->reading.arena, "%s%s%s", there, there[0] ? ", " : "",
					     field->name);
	}
	return reading_error(&editing->reading, place, "the image has none here%s%s",
			     there[0] ? "; it has " : "", there);
}

/* The message that a step names. */
static struct error *enter(const struct editing *editing, const struct json_place *place,
			   const ProtobufCFieldDescriptor *field, const ProtobufCMessage *message,
			   int64_t index, ProtobufCMessage **ret)
{
	uint8_t *base = (uint8_t *)(uintptr_t)message;
	void *value;

	if (field->type != PROTOBUF_C_TYPE_MESSAGE)
		return reading_error(&editing->reading, place, "this has no fields");
	value = *(void **)(void *)(base + field->offset);
	if (field->label == PROTOBUF_C_LABEL_REPEATED) {
		size_t n = *(const size_t *)(const void *)(base + field->quantifier_offset);

		if (index == NO_INDEX || (uint64_t)index >= n)
			return reading_error(&editing->reading, place, "this is a list of %zu: say which", n);
		*ret = ((ProtobufCMessage **)value)[index];
		return NULL;
	}
	if (index != NO_INDEX)
		return reading_error(&editing->reading, place, "this is no list");
	if (!value)
		return none_here(editing, place, message);
	*ret = value;
	return NULL;
}

static struct error *apply_from(const struct editing *editing, const struct json_place *parent,
				size_t at, const struct schema_message *schema,
				ProtobufCMessage *message)
{
	const struct step *step = &editing->steps[at];
	struct json_place named = { .parent = parent, .key = step->name };
	struct json_place indexed = { .parent = &named, .index = (size_t)step->index };
	const struct json_place *place = step->index == NO_INDEX ? &named : &indexed;
	const ProtobufCFieldDescriptor *field =
		protobuf_c_message_descriptor_get_field_by_name(schema->pb, step->name);
	ProtobufCMessage *inside = NULL;
	struct error *error;
	size_t index;

	if (!field)
		return build_no_such_field(&editing->reading, place, step->name, schema);
	index = (size_t)(field - schema->pb->fields);
	if (at + 1 == editing->n_steps)
		return set_field(editing, place, schema, index, message, step->index);
	error = enter(editing, place, field, message, step->index, &inside);
	return error ? error : apply_from(editing, place, at + 1, schema->fields[index].message, inside);
}

static struct error *apply(struct editing *editing, const struct image_entry *entry)
{
	struct json_place list = { .key = "entries" };
	struct json_place place = { .parent = &list, .index = entry->index };

	editing->done = true;
	return apply_from(editing, &place, 1, entry->schema,
			  (ProtobufCMessage *)(uintptr_t)entry->message);
}

/* --- entries ---------------------------------------------------------------------------------- */

/* The fields that give the length of what follows must go on giving the same. */
static struct error *check_extra(const struct editing *editing, const struct image_reader *reader,
				 const struct image_entry *entry)
{
	const struct extra *extra = reader->header.kind->extra;
	struct cursor cursor = cursor_over(entry->extra, reader->header.big_endian);
	struct error *error;
	uint64_t payload = 0;

	if (!extra)
		return NULL;
	error = extra->measure(entry->message, &cursor, &payload);
	if (!error && cursor_left(&cursor) == 0 && payload == entry->extra_payload)
		return NULL;
	error_free(error);
	return edit_error(editing, "this says how many bytes of content follow the entry; "
				   "decode, change both, encode");
}

/* Applies the edits that name the entry. */
static struct error *edit_message(struct editing *editings, size_t n,
				  const struct image_reader *reader,
				  const struct image_entry *entry, bool *ret_touched)
{
	*ret_touched = false;
	for (size_t i = 0; i < n; i++) {
		struct error *error;

		if (editings[i].steps[0].index != entry->index)
			continue;
		*ret_touched = true;
		error = apply(&editings[i], entry);
		if (!error)
			error = check_extra(&editings[i], reader, entry);
		if (error)
			return error;
	}
	return NULL;
}

static struct error *edit_entry(struct editing *editings, size_t n, const struct image_reader *reader,
				const struct image_entry *entry, struct out *image)
{
	struct error *error;
	struct out packed;
	bool touched, ordinary;

	out_init(&packed, -1);
	pack_message(&packed, entry->message);
	ordinary = bytes_equal(out_held(&packed), entry->payload);
	error = edit_message(editings, n, reader, entry, &touched);
	if (!error && touched && !ordinary)
		error = error_new(ERROR_USAGE, "entries[%u] is not in the ordinary form: its other fields "
					       "would not keep their bytes; decode, change, encode",
				  entry->index);
	if (touched) {
		out_clear(&packed);
		pack_message(&packed, entry->message);
		pack_u32(image, (uint32_t)packed.len, reader->header.big_endian);
		out_bytes(image, out_held(&packed));
		out_bytes(image, entry->extra);
	} else {
		out_bytes(image, bytes_first(bytes_from(reader->image, entry->offset),
					     (size_t)(reader->pos - entry->offset)));
	}
	out_deinit(&packed);
	return error;
}

static struct error *edit_entries(struct editing *editings, size_t n, struct image_reader *reader,
				  struct out *image)
{
	struct error *error = NULL;
	struct image_entry entry;
	uint32_t n_entries = 0;

	out_bytes(image, bytes_first(reader->image, reader->header.len));
	for (; !error && image_next(reader, &entry); n_entries++)
		error = edit_entry(editings, n, reader, &entry, image);
	if (!error && reader->problems->n > reader->problems_before)
		error = error_new(ERROR_DAMAGED, "the image is damaged: nothing is changed");
	for (size_t i = 0; i < n && !error; i++)
		if (!editings[i].done)
			error = error_new(ERROR_USAGE, "%.*s: the image has %u entries",
					  BYTES_FMT(editings[i].edit->path), n_entries);
	return error;
}

struct error *image_edit(struct image_reader *reader, const struct edit *edits, size_t n,
			 struct out *image)
{
	struct editing *editings;
	struct error *error = NULL;
	struct arena arena;

	if (!reader->header.kind->message)
		return error_new(ERROR_USAGE, "%s is raw: it has no entries", reader->header.kind->name);
	arena_init(&arena);
	editings = arena_zalloc(&arena, n * sizeof(*editings));
	for (size_t i = 0; i < n && !error; i++) {
		editings[i].edit = &edits[i];
		editings[i].reading = (struct reading){
			.arena = &arena,
			.kind = ERROR_USAGE,
			.big_endian = reader->header.big_endian,
			.problems = reader->problems,
		};
		error = parse_path(&editings[i], &arena);
	}
	if (!error)
		error = edit_entries(editings, n, reader, image);
	arena_deinit(&arena);
	return error;
}
