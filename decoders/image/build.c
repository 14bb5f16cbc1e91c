#include "decoders/image/build.h"

#include "decoders/base/cursor.h"
#include "decoders/base/json_c.h"
#include "decoders/base/size.h"
#include "decoders/image/prescan.h"
#include "decoders/image/wire.h"

static struct error *read_message(const struct reading *reading, const struct json_place *place,
				  struct json_object *value, const struct schema_message *schema,
				  unsigned depth, ProtobufCMessage **ret);

/* --- fields ----------------------------------------------------------------------------------- */

static struct error *read_one(const struct reading *reading, const struct json_place *place,
			      struct json_object *value, const ProtobufCFieldDescriptor *field,
			      const struct schema_field *facts, unsigned depth, void *ret)
{
	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return read_message(reading, place, value, facts->message, depth + 1, ret);
	return read_scalar(reading, place, value, field, facts, ret);
}

/* The values of a field that repeats, or the text of an address in their place. */
static struct error *read_repeated(const struct reading *reading, const struct json_place *place,
				   struct json_object *list, const ProtobufCFieldDescriptor *field,
				   const struct schema_field *facts, unsigned depth,
				   void **ret_items, size_t *ret_n)
{
	size_t size = wire_element_size(field->type), n;
	uint8_t *items;

	if (!json_object_is_type(list, json_type_array))
		return reading_error(reading, place, "a list is wanted, not %s", value_type(list));
	n = json_object_array_length(list);
	items = arena_zalloc(reading->arena, (n + 4) * size); /* an address is four words */
	if (n == 1 && facts->show == SHOW_IPADD &&
	    read_address(reading, json_object_array_get_idx(list, 0),
			 (uint32_t *)(void *)items, ret_n)) {
		*ret_items = items;
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		struct json_place element = { .parent = place, .index = i };
		struct error *error = read_one(reading, &element, json_object_array_get_idx(list, i),
					       field, facts, depth, items + i * size);

		if (error)
			return error;
	}
	*ret_items = items;
	*ret_n = n;
	return NULL;
}

static struct error *read_field(const struct reading *reading, const struct json_place *place,
				struct json_object *value, const struct schema_message *schema,
				size_t index, unsigned depth, ProtobufCMessage *message)
{
	const ProtobufCFieldDescriptor *field = &schema->pb->fields[index];
	const struct schema_field *facts = &schema->fields[index];
	uint8_t *base = (uint8_t *)message;
	void *quantifier = base + field->quantifier_offset;
	struct error *error;

	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return read_repeated(reading, place, value, field, facts, depth,
				     (void **)(void *)(base + field->offset), quantifier);
	error = read_one(reading, place, value, field, facts, depth, base + field->offset);
	if (!error && field->type != PROTOBUF_C_TYPE_MESSAGE)
		*(protobuf_c_boolean *)quantifier = true;
	return error;
}

/* --- unknown fields --------------------------------------------------------------------------- */

/* Whether BYTES are one value of that wire type, and no more. */
static bool is_one_value(uint64_t wire, struct bytes bytes)
{
	struct cursor cursor = cursor_over(bytes, false);
	struct bytes content;
	uint64_t number;
	bool whole;

	switch (wire) {
	case WIRE_VARINT:
		whole = cursor_varint(&cursor, &number);
		break;
	case WIRE_LENGTH:
		whole = cursor_varint(&cursor, &number) && cursor_take(&cursor, number, &content);
		break;
	default:
		whole = cursor_take(&cursor, wire == WIRE_FIXED64 ? 8 : 4, &content);
	}
	return whole && cursor_left(&cursor) == 0;
}

static struct error *read_unknown(const struct reading *reading, const struct json_place *place,
				  struct json_object *value, const struct schema_message *schema,
				  ProtobufCMessageUnknownField *ret)
{
	static const char *const keys[] = { "field", "wire", "bytes" };
	struct json_object *members[ARRAY_SIZE(keys)];
	struct json_place places[ARRAY_SIZE(keys)];
	uint64_t number = 0, wire = 0;
	struct bytes bytes = NO_BYTES;
	struct error *error;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		places[i] = (struct json_place){ .parent = place, .key = keys[i] };
	error = read_members(reading, place, value, keys, ARRAY_SIZE(keys), members);
	if (!error)
		error = read_u64(reading, &places[0], members[0], WIRE_NUMBER_MAX, &number);
	if (!error)
		error = read_u64(reading, &places[1], members[1], WIRE_FIXED32, &wire);
	if (!error)
		error = read_base64(reading, &places[2], members[2], &bytes);
	if (error)
		return error;
	if (number == 0 || wire == 3 || wire == 4)
		return reading_error(reading, place, "no field has the number %llu and the wire type %llu",
				     (unsigned long long)number, (unsigned long long)wire);
	if (wire_field_index(schema->pb, (uint32_t)number) != SIZE_MAX)
		return reading_error(reading, &places[0], "field %llu of %s is known",
				     (unsigned long long)number, schema->name);
	if (!is_one_value(wire, bytes))
		return reading_error(reading, &places[2], "not one value of wire type %llu",
				     (unsigned long long)wire);
	*ret = (ProtobufCMessageUnknownField){
		.tag = (uint32_t)number,
		.wire_type = (ProtobufCWireType)wire,
		.len = bytes.len,
		.data = (uint8_t *)(uintptr_t)bytes.data,
	};
	return NULL;
}

static struct error *read_unknowns(const struct reading *reading, const struct json_place *place,
				   struct json_object *list, const struct schema_message *schema,
				   ProtobufCMessage *message)
{
	size_t n;

	if (!json_object_is_type(list, json_type_array))
		return reading_error(reading, place, "a list is wanted, not %s", value_type(list));
	n = json_object_array_length(list);
	message->unknown_fields = arena_zalloc(reading->arena, (n + 1) * sizeof(*message->unknown_fields));
	for (size_t i = 0; i < n; i++) {
		struct json_place element = { .parent = place, .index = i };
		struct error *error = read_unknown(reading, &element,
						   json_object_array_get_idx(list, i), schema,
						   &message->unknown_fields[i]);

		if (error)
			return error;
	}
	message->n_unknown_fields = (unsigned)n;
	return NULL;
}

/* --- messages --------------------------------------------------------------------------------- */

struct error *build_no_such_field(const struct reading *reading, const struct json_place *place,
				   const char *key, const struct schema_message *schema)
{
	const char *words[64]; /* no message has more */

	for (unsigned i = 0; i < schema->pb->n_fields; i++)
		words[i] = schema->pb->fields[i].name;
	return reading_unknown(reading, place, key, words, schema->pb->n_fields);
}

static void note_missing(const struct reading *reading, const struct json_place *place,
			 const struct schema_message *schema, uint64_t missing)
{
	struct out text;

	out_init(&text, -1);
	json_print_place(&text, place);
	problems_add(reading->problems,
		     error_new(ERROR_DAMAGED, "%.*s: the field %s is missing%s",
			       BYTES_FMT(out_held(&text)),
			       schema->pb->fields[__builtin_ctzll(missing)].name,
			       missing & (missing - 1) ? ", and others" : ""));
	out_deinit(&text);
}

static struct error *read_member(const struct reading *reading, const struct json_place *place,
				 struct json_object *value, const struct schema_message *schema,
				 unsigned depth, ProtobufCMessage *message, uint64_t *seen)
{
	const ProtobufCFieldDescriptor *field =
		protobuf_c_message_descriptor_get_field_by_name(schema->pb, place->key);
	size_t index = field ? (size_t)(field - schema->pb->fields) : SIZE_MAX;

	if (!strcmp(place->key, "$unknown"))
		return read_unknowns(reading, place, value, schema, message);
	if (!field)
		return build_no_such_field(reading, place, place->key, schema);
	*seen |= (uint64_t)1 << index;
	return read_field(reading, place, value, schema, index, depth, message);
}

static struct error *read_message(const struct reading *reading, const struct json_place *place,
				  struct json_object *value, const struct schema_message *schema,
				  unsigned depth, ProtobufCMessage **ret)
{
	ProtobufCMessage *message = arena_zalloc(reading->arena, schema->pb->sizeof_message);
	uint64_t seen = 0;

	if (!json_object_is_type(value, json_type_object))
		return reading_error(reading, place, "an object is wanted, not %s", value_type(value));
	if (depth >= PRESCAN_DEPTH)
		return reading_error(reading, place, "messages nested deeper than %d", PRESCAN_DEPTH);
	protobuf_c_message_init(schema->pb, message);
	json_object_object_foreach(value, key, element)
	{
		struct json_place inside = { .parent = place, .key = key };
		struct error *error = read_member(reading, &inside, element, schema, depth, message,
						  &seen);

		if (error)
			return error;
	}
	if (schema->required & ~seen)
		note_missing(reading, place, schema, schema->required & ~seen);
	*ret = message;
	return NULL;
}

struct error *build_message(const struct reading *reading, const struct json_place *place,
			    struct json_object *object, const struct schema_message *schema,
			    ProtobufCMessage **ret)
{
	return read_message(reading, place, object, schema, 0, ret);
}

struct error *build_field(const struct reading *reading, const struct json_place *place,
			  struct json_object *value, const struct schema_message *schema,
			  size_t index, ProtobufCMessage *message)
{
	return read_field(reading, place, value, schema, index, 0, message);
}
