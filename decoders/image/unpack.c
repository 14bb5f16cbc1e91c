#include "decoders/image/unpack.h"

#include <string.h>

#include "decoders/base/cursor.h"
#include "decoders/base/size.h"
#include "decoders/image/wire.h"

struct unpacking {
	struct field_paths paths;
	struct arena *arena;
};

/* A message that is being unpacked. */
struct taking {
	const struct schema_message *schema;
	uint8_t *message;   /* protobuf-c's struct */
	struct cursor cursor;
	uint32_t which;     /* of the paths, a bit each: those that lead into this message */
	unsigned depth;
	uint64_t left_out;  /* numbers, as bits: of fields that paths lead to, */
	uint64_t followed;  /* ... and that they lead through */
	uint64_t repeated;  /* fields, as the schema's, that are not left out */
	uint64_t key;       /* of the field that is being looked at */
};

static ProtobufCMessage *take_message(const struct unpacking *unpacking, const struct schema_message *schema,
				      struct bytes wire, uint32_t which, unsigned depth);

/* --- paths ---------------------------------------------------------------------------------------- */

static void look_at_paths(const struct unpacking *unpacking, struct taking *taking)
{
	taking->repeated = taking->schema->repeated;
	for (uint32_t which = taking->which; which; which &= which - 1) {
		const uint8_t *numbers = unpacking->paths.items[__builtin_ctz(which)].numbers + taking->depth;

		if (numbers[1]) {
			taking->followed |= UINT64_C(1) << numbers[0];
		} else {
			size_t index = wire_field_index(taking->schema->pb, numbers[0]);

			taking->left_out |= UINT64_C(1) << numbers[0];
			if (index != SIZE_MAX)
				taking->repeated &= ~(UINT64_C(1) << index);
		}
	}
}

static bool is_left_out(const struct taking *taking)
{
	return taking->key >> 3 < 64 && taking->left_out >> (taking->key >> 3) & 1;
}

/* A value that is left out, and those behind it that have the same tag. */
static bool pass_over(struct taking *taking)
{
	struct cursor *cursor = &taking->cursor;

	do {
		if (!wire_skip_value(cursor, taking->key & 7))
			return false;
	} while (taking->key < 0x80 && cursor_left(cursor) && *cursor->pos == taking->key && cursor->pos++);
	return true;
}

/* Those of the paths that lead into this message and on through NUMBER. */
static uint32_t follow(const struct unpacking *unpacking, const struct taking *taking, uint64_t number)
{
	uint32_t followed = 0;

	if (number >= 64 || !(taking->followed >> number & 1))
		return 0;
	for (uint32_t which = taking->which; which; which &= which - 1) {
		unsigned i = (unsigned)__builtin_ctz(which);

		if (unpacking->paths.items[i].numbers[taking->depth] == number)
			followed |= UINT32_C(1) << i;
	}
	return followed;
}

/* --- values ------------------------------------------------------------------------------------------ */

static void store_u32(void *to, uint32_t value)
{
	memcpy(to, &value, sizeof(value));
}

static void store_u64(void *to, uint64_t value)
{
	memcpy(to, &value, sizeof(value));
}

static uint64_t unzigzag(uint64_t value)
{
	return value >> 1 ^ (value & 1 ? UINT64_MAX : 0);
}

/* The number that stands on the wire as a varint. Of those with 32 bits the upper ones are dropped, as protobuf does. */
static inline void store_varint(ProtobufCType type, uint64_t value, void *to)
{
	switch (type) {
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_UINT64:
		store_u64(to, value);
		break;
	case PROTOBUF_C_TYPE_SINT64:
		store_u64(to, unzigzag(value));
		break;
	case PROTOBUF_C_TYPE_SINT32:
		store_u32(to, (uint32_t)unzigzag((uint32_t)value));
		break;
	case PROTOBUF_C_TYPE_BOOL:
		*(protobuf_c_boolean *)to = value != 0;
		break;
	default: /* int32, uint32, enum */
		store_u32(to, (uint32_t)value);
		break;
	}
}

static bool take_number(struct cursor *cursor, ProtobufCType type, void *to)
{
	uint64_t value = 0;
	uint32_t word = 0;

	switch (type) {
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_FLOAT:
		if (!cursor_u32(cursor, &word))
			return false;
		store_u32(to, word);
		return true;
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		if (!cursor_u64(cursor, &value))
			return false;
		store_u64(to, value);
		return true;
	default:
		if (!cursor_varint(cursor, &value))
			return false;
		store_varint(type, value, to);
		return true;
	}
}

static bool take_bytes(const struct unpacking *unpacking, struct bytes content, ProtobufCBinaryData *to)
{
	*to = (ProtobufCBinaryData){ .len = content.len };
	if (content.len == 0)
		return true;
	to->data = arena_try_alloc(unpacking->arena, content.len);
	if (!to->data)
		return false;
	memcpy(to->data, content.data, content.len);
	return true;
}

static bool take_content(struct cursor *cursor, struct bytes *ret)
{
	uint64_t len;

	return cursor_varint(cursor, &len) && cursor_take(cursor, len, ret);
}

/* One value of the field with that INDEX. */
static bool take_value(const struct unpacking *unpacking, struct taking *taking, size_t index, void *to)
{
	ProtobufCType type = taking->schema->pb->fields[index].type;
	struct bytes content;

	if (type != PROTOBUF_C_TYPE_MESSAGE && type != PROTOBUF_C_TYPE_BYTES)
		return take_number(&taking->cursor, type, to);
	if (!take_content(&taking->cursor, &content))
		return false;
	if (type == PROTOBUF_C_TYPE_BYTES)
		return take_bytes(unpacking, content, to);
	*(ProtobufCMessage **)to =
		take_message(unpacking, taking->schema->fields[index].message, content,
			     follow(unpacking, taking, taking->key >> 3), taking->depth + 1);
	return *(ProtobufCMessage **)to != NULL;
}

/* --- fields that repeat ---------------------------------------------------------------------------- */

static bool is_packed(const ProtobufCFieldDescriptor *field, uint64_t key)
{
	return (key & 7) == WIRE_LENGTH && wire_type_of(field) != WIRE_LENGTH;
}

/* How many values a packed field has at most: as many as fit, or for varints those that end. */
static size_t packed_count(const ProtobufCFieldDescriptor *field, struct bytes content)
{
	size_t n = 0;

	if (wire_type_of(field) != WIRE_VARINT)
		return content.len / wire_element_size(field->type);
	for (size_t i = 0; i < content.len; i++)
		n += content.data[i] < 0x80;
	return n;
}

/* Counts the values of each field that repeats; the cursor is back at the start afterwards. */
static bool count_values(struct taking *taking, size_t counts[64])
{
	struct cursor cursor = taking->cursor;
	const ProtobufCMessageDescriptor *pb = taking->schema->pb;
	struct bytes content;

	while (cursor_left(&cursor)) {
		size_t index;

		if (!cursor_varint(&cursor, &taking->key))
			return false;
		index = wire_field_index(pb, (uint32_t)(taking->key >> 3));
		if (index == SIZE_MAX || !(taking->repeated >> index & 1)) {
			if (!wire_skip_value(&cursor, taking->key & 7))
				return false;
		} else if (!is_packed(&pb->fields[index], taking->key)) {
			counts[index]++;
			if (!wire_skip_value(&cursor, taking->key & 7))
				return false;
		} else {
			if (!take_content(&cursor, &content))
				return false;
			counts[index] += packed_count(&pb->fields[index], content);
		}
	}
	return true;
}

/* Arrays for the fields that repeat; their numbers of values stay 0 until these are there. */
static bool make_room(const struct unpacking *unpacking, struct taking *taking)
{
	size_t counts[64] = { 0 }, size; /* no message has more fields */

	if (!count_values(taking, counts))
		return false;
	for (uint64_t left = taking->repeated; left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctzll(left);
		const ProtobufCFieldDescriptor *field = &taking->schema->pb->fields[i];
		void **items = (void **)(void *)(taking->message + field->offset);

		if (counts[i] == 0)
			continue;
		if (!size_mul(counts[i], wire_element_size(field->type), &size))
			return false;
		*items = arena_try_alloc(unpacking->arena, size);
		if (!*items)
			return false;
	}
	return true;
}

static bool take_packed(const ProtobufCFieldDescriptor *field, struct cursor *cursor, uint8_t *items,
			size_t *n)
{
	size_t size = wire_element_size(field->type);
	struct cursor values;
	struct bytes content;

	if (!take_content(cursor, &content))
		return false;
	if (!items) /* no value in it comes to its end */
		return content.len == 0;
	values = cursor_over(content, false);
	for (; cursor_left(&values); ++*n)
		if (!take_number(&values, field->type, items + *n * size))
			return false;
	return true;
}

static bool take_repeated(const struct unpacking *unpacking, struct taking *taking, size_t index)
{
	const ProtobufCFieldDescriptor *field = &taking->schema->pb->fields[index];
	uint8_t *items = *(uint8_t **)(void *)(taking->message + field->offset);
	size_t *n = (size_t *)(void *)(taking->message + field->quantifier_offset);

	if (is_packed(field, taking->key))
		return take_packed(field, &taking->cursor, items, n);
	if (!take_value(unpacking, taking, index, items + *n * wire_element_size(field->type)))
		return false;
	++*n;
	return true;
}

/* --- messages ---------------------------------------------------------------------------------------- */

static bool take_field(const struct unpacking *unpacking, struct taking *taking, size_t index)
{
	const ProtobufCFieldDescriptor *field = &taking->schema->pb->fields[index];

	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return take_repeated(unpacking, taking, index);
	if (field->type != PROTOBUF_C_TYPE_MESSAGE)
		*(protobuf_c_boolean *)(void *)(taking->message + field->quantifier_offset) = true;
	return take_value(unpacking, taking, index, taking->message + field->offset);
}

/* How many unknown fields there are from FROM on. */
static size_t count_unknown(const struct taking *taking, struct cursor from)
{
	uint64_t key;
	size_t n = 0;

	while (cursor_left(&from) && cursor_varint(&from, &key) && wire_skip_value(&from, key & 7))
		n += wire_field_index(taking->schema->pb, (uint32_t)(key >> 3)) == SIZE_MAX;
	return n;
}

/* An unknown field, as it stands on the wire behind its tag. TAG: where that begins. */
static bool take_unknown(const struct unpacking *unpacking, struct taking *taking, struct cursor tag)
{
	ProtobufCMessage *message = (ProtobufCMessage *)(void *)taking->message;
	const uint8_t *start = taking->cursor.pos;
	ProtobufCMessageUnknownField *field;
	ProtobufCBinaryData copy;
	size_t size;

	if (!message->unknown_fields) {
		if (!size_mul(count_unknown(taking, tag), sizeof(*field), &size))
			return false;
		message->unknown_fields = arena_try_alloc(unpacking->arena, size);
	}
	if (!message->unknown_fields || !wire_skip_value(&taking->cursor, taking->key & 7) ||
	    !take_bytes(unpacking, (struct bytes){ start, (size_t)(taking->cursor.pos - start) }, &copy))
		return false;
	message->unknown_fields[message->n_unknown_fields++] = (ProtobufCMessageUnknownField){
		.tag = (uint32_t)(taking->key >> 3),
		.wire_type = (ProtobufCWireType)(taking->key & 7),
		.len = copy.len,
		.data = copy.data,
	};
	return true;
}

/*
 * Most fields are numbers with a tag of one byte: these are taken here, as far as they go. What is anything
 * else is left where it is.
 */
static void take_numbers(struct taking *taking)
{
	const ProtobufCMessageDescriptor *pb = taking->schema->pb;
	struct cursor cursor = taking->cursor;
	uint64_t value;

	while (cursor_left(&cursor) && *cursor.pos < 0x80) {
		unsigned number = *cursor.pos >> 3;
		const ProtobufCFieldDescriptor *field;

		if (number - 1 >= pb->n_fields)
			break;
		field = &pb->fields[number - 1]; /* where they have no gaps */
		if (field->id != number || (*cursor.pos & 7) != WIRE_VARINT || wire_type_of(field) != WIRE_VARINT ||
		    field->label == PROTOBUF_C_LABEL_REPEATED || taking->left_out >> number & 1)
			break;
		cursor.pos++;
		if (!cursor_varint(&cursor, &value))
			break;
		store_varint(field->type, value, taking->message + field->offset);
		*(protobuf_c_boolean *)(void *)(taking->message + field->quantifier_offset) = true;
		taking->cursor.pos = cursor.pos;
	}
}

static bool take_next(const struct unpacking *unpacking, struct taking *taking)
{
	struct cursor tag = taking->cursor;
	size_t index;

	if (!cursor_varint(&taking->cursor, &taking->key))
		return false;
	if (is_left_out(taking))
		return pass_over(taking);
	index = wire_field_index(taking->schema->pb, (uint32_t)(taking->key >> 3));
	return index == SIZE_MAX ? take_unknown(unpacking, taking, tag) : take_field(unpacking, taking, index);
}

static ProtobufCMessage *take_message(const struct unpacking *unpacking, const struct schema_message *schema,
				      struct bytes wire, uint32_t which, unsigned depth)
{
	struct taking taking = {
		.schema = schema,
		.message = arena_try_alloc(unpacking->arena, schema->pb->sizeof_message),
		.cursor = cursor_over(wire, false),
		.which = which,
		.depth = depth,
	};

	if (!taking.message)
		return NULL;
	protobuf_c_message_init(schema->pb, taking.message);
	look_at_paths(unpacking, &taking);
	if (taking.repeated && !make_room(unpacking, &taking))
		return NULL;
	for (take_numbers(&taking); cursor_left(&taking.cursor); take_numbers(&taking))
		if (!take_next(unpacking, &taking))
			return NULL;
	return (ProtobufCMessage *)(void *)taking.message;
}

const ProtobufCMessage *unpack_message(const struct schema_message *schema, struct bytes wire,
				       struct field_paths paths, struct arena *arena)
{
	const struct unpacking unpacking = { paths, arena };

	return take_message(&unpacking, schema, wire, (uint32_t)((UINT64_C(1) << paths.n) - 1), 0);
}
