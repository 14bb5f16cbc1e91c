#include "decoders/image/prescan.h"

#include "decoders/base/cursor.h"
#include "decoders/base/size.h"

/* What unpacking takes at most, in bytes, beyond the contents themselves. */
enum {
	ELEMENT = sizeof(ProtobufCBinaryData), /* of a field that repeats */
	UNKNOWN_FIELD = sizeof(ProtobufCMessageUnknownField) + 32,
	PIECE = 32, /* an allocation's rounding */
};

/* A message that is being walked. */
struct frame {
	const struct schema_message *schema;
	const uint8_t *end;
	uint64_t seen; /* fields by index */
};

struct scan {
	struct cursor cursor;
	const struct prescan_observer *observer; /* may be NULL */
	uint64_t base;
	struct frame stack[PRESCAN_DEPTH];
	unsigned depth;
	uint64_t key; /* of the field that is being looked at, and its index */
	size_t index;
	struct prescan result;
};

size_t prescan_budget(size_t len)
{
	return len > (PRESCAN_BUDGET_MAX - PRESCAN_BUDGET_FLOOR) / PRESCAN_BUDGET_FACTOR
		       ? PRESCAN_BUDGET_MAX
		       : PRESCAN_BUDGET_FLOOR + PRESCAN_BUDGET_FACTOR * len;
}

static struct error *refuse(const struct scan *scan, const uint8_t *at, const char *what)
{
	const struct frame *frame = &scan->stack[scan->depth - 1];
	struct error *error = error_new(ERROR_DAMAGED, "%s: %s", frame->schema->name, what);

	return error_at(error, NO_ENTRY, scan->base + (uint64_t)(at - scan->cursor.start));
}

static struct error *push(struct scan *scan, const struct schema_message *schema, const uint8_t *end)
{
	if (scan->depth == PRESCAN_DEPTH)
		return refuse(scan, scan->cursor.pos, "messages nested deeper than 64");
	scan->stack[scan->depth++] = (struct frame){ .schema = schema, .end = end };
	scan->result.allocation += schema->pb->sizeof_message + PIECE;
	return NULL;
}

static void note_missing(struct scan *scan, const struct frame *frame, uint64_t missing)
{
	unsigned first = (unsigned)__builtin_ctzll(missing);

	if (scan->result.n_missing == 0) {
		scan->result.missing_in = frame->schema;
		scan->result.missing = frame->schema->pb->fields[first].name;
		scan->result.missing_offset =
			scan->base + (uint64_t)(frame->end - scan->cursor.start);
	}
	scan->result.n_missing += (size_t)__builtin_popcountll(missing);
}

/* A message ends: which of its required fields never came? */
static void pop(struct scan *scan)
{
	const struct frame *frame = &scan->stack[--scan->depth];
	uint64_t missing = frame->schema->required & ~frame->seen;

	if (missing)
		note_missing(scan, frame, missing);
}

/* VALUE of LEN bytes was found to be in its message. */
static void observe(const struct scan *scan, const uint8_t *tag, const uint8_t *value, size_t len)
{
	struct prescan_field field = {
		.schema = scan->stack[scan->depth - 1].schema,
		.index = scan->index,
		.number = (uint32_t)(scan->key >> 3),
		.wire = (enum wire_type)(scan->key & 7),
		.depth = scan->depth - 1,
		.offset = scan->base + (uint64_t)(tag - scan->cursor.start),
		.value_offset = scan->base + (uint64_t)(value - scan->cursor.start),
		.value = { value, len },
	};

	scan->observer->field(scan->observer->context, &field);
}

/* Takes the value behind a tag; for WIRE_LENGTH the cursor stays in front of the content. */
static struct error *take_value(struct scan *scan, unsigned wire, const uint8_t *tag, uint64_t *ret)
{
	const uint8_t *end = scan->stack[scan->depth - 1].end, *start = scan->cursor.pos;
	struct bytes fixed;
	bool fits;

	switch (wire) {
	case WIRE_VARINT:
		fits = cursor_varint(&scan->cursor, ret);
		break;
	case WIRE_FIXED64:
		fits = cursor_take(&scan->cursor, 8, &fixed);
		break;
	case WIRE_FIXED32:
		fits = cursor_take(&scan->cursor, 4, &fixed);
		break;
	case WIRE_LENGTH:
		fits = cursor_varint(&scan->cursor, ret);
		if (fits && scan->cursor.pos <= end && *ret > (uint64_t)(end - scan->cursor.pos))
			return refuse(scan, tag, "a field's length runs past the end of the message");
		break;
	default:
		return refuse(scan, tag, "not a protobuf wire type");
	}
	if (!fits || scan->cursor.pos > end)
		return refuse(scan, tag, "a field runs past the end of the message");
	if (scan->observer && wire == WIRE_LENGTH)
		observe(scan, tag, scan->cursor.pos, (size_t)*ret);
	else if (scan->observer)
		observe(scan, tag, start, (size_t)(scan->cursor.pos - start));
	return NULL;
}

/* The content of a length-delimited field that is not a message. */
static struct error *skip_content(struct scan *scan, uint64_t len)
{
	struct bytes content;

	return cursor_take(&scan->cursor, len, &content)
		       ? NULL
		       : refuse(scan, scan->cursor.pos, "a field runs past the end of the message");
}

static struct error *known_field(struct scan *scan, size_t index, unsigned wire, const uint8_t *tag)
{
	struct frame *frame = &scan->stack[scan->depth - 1];
	const ProtobufCFieldDescriptor *field = &frame->schema->pb->fields[index];
	bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
	bool packed = repeated && wire == WIRE_LENGTH && wire_type_of(field) != WIRE_LENGTH;
	bool again = frame->seen >> index & 1;
	struct error *error;
	uint64_t value = 0;

	if (wire != wire_type_of(field) && !packed)
		return refuse(scan, tag, "a field has the wire type of another");
	if (again && !repeated && field->type == PROTOBUF_C_TYPE_MESSAGE)
		return refuse(scan, tag, "a sub-message that occurs once occurs again");
	frame->seen |= (uint64_t)1 << index;
	error = take_value(scan, wire, tag, &value);
	if (error)
		return error;
	scan->result.allocation += repeated ? ELEMENT : 0;
	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return push(scan, frame->schema->fields[index].message, scan->cursor.pos + value);
	if (wire != WIRE_LENGTH)
		return NULL;
	scan->result.allocation += packed ? value * ELEMENT : value + PIECE;
	return skip_content(scan, value);
}

static struct error *unknown_field(struct scan *scan, unsigned wire, const uint8_t *tag)
{
	struct error *error;
	uint64_t value = 0;

	error = take_value(scan, wire, tag, &value);
	if (!error && wire == WIRE_LENGTH)
		error = skip_content(scan, value);
	scan->result.allocation += UNKNOWN_FIELD + (size_t)(scan->cursor.pos - tag);
	return error;
}

/* Behind a varint that ends before END; NULL: it does not, or is too long. */
static const uint8_t *behind_varint(const uint8_t *pos, const uint8_t *end)
{
	enum { LONGEST_VARINT = 10 };
	const uint8_t *most = end - pos > LONGEST_VARINT ? pos + LONGEST_VARINT : end;

	while (pos < most)
		if (!(*pos++ & 0x80))
			return pos;
	return NULL;
}

/*
 * Most fields are numbers of which nothing can be wrong: these are passed here, as far as they go. What is
 * anything else is left where it is.
 */
static void pass_numbers(struct scan *scan)
{
	struct frame *frame = &scan->stack[scan->depth - 1];
	const ProtobufCMessageDescriptor *pb = frame->schema->pb;
	const uint8_t *pos = scan->cursor.pos, *end = frame->end;
	uint64_t seen = 0, repeated = 0;

	while (pos < end && *pos < 0x80) {
		size_t index = (size_t)(*pos >> 3) - 1; /* where numbers have no gaps */
		unsigned wire = *pos & 7;
		const uint8_t *next;

		if (index >= pb->n_fields || pb->fields[index].id != *pos >> 3u ||
		    wire != wire_type_of(&pb->fields[index]))
			break;
		if (wire == WIRE_VARINT)
			next = behind_varint(pos + 1, end);
		else if (wire == WIRE_FIXED32)
			next = end - pos > 4 ? pos + 5 : NULL;
		else
			break;
		if (!next)
			break;
		seen |= (uint64_t)1 << index;
		repeated += frame->schema->repeated >> index & 1;
		pos = next;
	}
	frame->seen |= seen;
	scan->cursor.pos = pos;
	scan->result.allocation += repeated * ELEMENT;
}

static struct error *next_field(struct scan *scan)
{
	const struct frame *frame = &scan->stack[scan->depth - 1];
	const uint8_t *tag = scan->cursor.pos;

	if (!cursor_varint(&scan->cursor, &scan->key) || scan->cursor.pos > frame->end)
		return refuse(scan, tag, "a tag runs past the end of the message");
	if (scan->key >> 3 == 0 || scan->key >> 3 > WIRE_NUMBER_MAX)
		return refuse(scan, tag, "not a field number");
	scan->index = wire_field_index(frame->schema->pb, (uint32_t)(scan->key >> 3));
	return scan->index == SIZE_MAX ? unknown_field(scan, scan->key & 7, tag)
				       : known_field(scan, scan->index, scan->key & 7, tag);
}

struct error *prescan_message(const struct schema_message *schema, struct bytes wire, uint64_t base,
			      struct prescan *ret)
{
	return prescan_observed(schema, wire, base, NULL, ret);
}

struct error *prescan_observed(const struct schema_message *schema, struct bytes wire, uint64_t base,
			       const struct prescan_observer *observer, struct prescan *ret)
{
	struct scan scan;
	struct error *error;
	size_t budget = prescan_budget(wire.len);

	scan.cursor = cursor_over(wire, false);
	scan.base = base;
	scan.observer = observer;
	scan.depth = 0;
	scan.result = (struct prescan){ 0 };
	error = push(&scan, schema, scan.cursor.end);
	while (!error && scan.depth) {
		if (!observer)
			pass_numbers(&scan);
		if (scan.cursor.pos == scan.stack[scan.depth - 1].end)
			pop(&scan);
		else
			error = next_field(&scan);
		if (!error && scan.result.allocation > budget)
			error = error_at(error_new(ERROR_LIMIT,
						   "%s: unpacking %zu bytes would take more than %zu",
						   schema->name, wire.len, budget),
					 NO_ENTRY, base + cursor_offset(&scan.cursor));
	}
	if (error)
		return error;
	*ret = scan.result;
	return NULL;
}
