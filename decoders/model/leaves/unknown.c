/*
 * Fields and images that this version does not know.
 *
 * A newer CRIU adds fields to messages, and vendors' builds add whole images. Neither is an
 * error. Unknown fields are looked for in the wire form: it has their place and their order,
 * and the walk is over bytes that the pre-scan has accepted, with a stack as deep as its.
 */
#include "decoders/base/cursor.h"
#include "decoders/image/prescan.h"
#include "decoders/model/leaves/unknown.h"

enum { MOST_UNKNOWN = 100000 };

struct finder {
	struct checkpoint *checkpoint;
	struct leaf_rows *rows;
	bool full;
};

/* False, once with an error, where there are too many. */
static bool has_room(struct finder *finder, const struct member *member)
{
	if (!finder->full && finder->rows->n == MOST_UNKNOWN) {
		finder->full = true;
		load_problem(finder->checkpoint, member, NO_ENTRY, NO_OFFSET,
			     error_new(ERROR_LIMIT, "more than %d unknown fields", MOST_UNKNOWN));
	}
	return !finder->full;
}

static struct unknown *add_row(struct finder *finder, const char *what, struct origin origin,
			       struct bytes value)
{
	struct unknown *row = leaf_add(finder->checkpoint, finder->rows);

	*row = (struct unknown){
		.origin = origin,
		.what = what,
		.field = ABSENT_U32,
		.length = value.len,
		.number = ABSENT_U64,
		.magic = ABSENT_U64,
		.value = arena_copy(&finder->checkpoint->arena, bytes_first(value, UNKNOWN_KEPT)),
	};
	return row;
}

/* --- fields ------------------------------------------------------------------------------- */

struct open_message {
	const struct schema_message *schema;
	const uint8_t *end;
};

struct walk {
	struct finder *finder;
	const struct image_reader *reader;
	const struct image_entry *entry;
	struct cursor cursor;
	struct open_message stack[PRESCAN_DEPTH];
	unsigned depth;
};

static const ProtobufCFieldDescriptor *field_of(const ProtobufCMessageDescriptor *pb,
						uint32_t number)
{
	/* Most messages number their fields 1, 2, 3, ... */
	if (number && number <= pb->n_fields && pb->fields[number - 1].id == number)
		return &pb->fields[number - 1];
	return protobuf_c_message_descriptor_get_field(pb, number);
}

enum { VARINT = 0, FIXED64 = 1, LENGTH = 2, FIXED32 = 5 };

/* The value behind a tag: its bytes, and the number where it is one. */
static bool take_value(struct cursor *cursor, unsigned wire, struct bytes *ret,
		       uint64_t *ret_number)
{
	const uint8_t *start = cursor->pos;
	uint32_t fixed32 = 0;
	uint64_t len;

	if (wire == LENGTH)
		return cursor_varint(cursor, &len) && cursor_take(cursor, len, ret);
	if (wire == VARINT && !cursor_varint(cursor, ret_number))
		return false;
	if (wire == FIXED64 && !cursor_u64(cursor, ret_number))
		return false;
	if (wire == FIXED32 && !cursor_u32(cursor, &fixed32))
		return false;
	if (wire == FIXED32)
		*ret_number = fixed32;
	*ret = (struct bytes){ start, (size_t)(cursor->pos - start) };
	return true;
}

static const char *wire_name(unsigned wire)
{
	return wire == VARINT	 ? "varint"
	       : wire == FIXED64 ? "fixed64"
	       : wire == FIXED32 ? "fixed32"
				 : "bytes";
}

static bool add_field(struct walk *walk, uint64_t key, const uint8_t *tag)
{
	struct origin origin = load_origin(walk->reader, walk->entry);
	uint64_t number = ABSENT_U64;
	struct unknown *row;
	struct bytes value;

	if (!take_value(&walk->cursor, key & 7, &value, &number) ||
	    !has_room(walk->finder,
		      &walk->finder->checkpoint->source.members.items[origin.member]))
		return false;
	origin.offset = (uint64_t)(tag - walk->reader->image.data);
	row = add_row(walk->finder, "field", origin, value);
	row->message = walk->stack[walk->depth - 1].schema->name;
	row->field = (uint32_t)(key >> 3);
	row->wire = wire_name(key & 7);
	row->number = number;
	return true;
}

static bool open_message(struct walk *walk, const struct schema_message *schema)
{
	uint64_t len;

	if (!cursor_varint(&walk->cursor, &len) || len > cursor_left(&walk->cursor) ||
	    walk->depth == PRESCAN_DEPTH)
		return false;
	walk->stack[walk->depth++] = (struct open_message){ schema, walk->cursor.pos + len };
	return true;
}

static bool next_field(struct walk *walk)
{
	const struct schema_message *schema = walk->stack[walk->depth - 1].schema;
	const uint8_t *tag = walk->cursor.pos;
	const ProtobufCFieldDescriptor *field;
	struct bytes skipped;
	uint64_t key, number;

	if (!cursor_varint(&walk->cursor, &key))
		return false;
	field = field_of(schema->pb, (uint32_t)(key >> 3));
	if (!field)
		return add_field(walk, key, tag);
	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return open_message(walk, schema->fields[field - schema->pb->fields].message);
	return take_value(&walk->cursor, key & 7, &skipped, &number);
}

static void walk_entry(struct finder *finder, const struct image_reader *reader,
		       const struct image_entry *entry)
{
	struct walk walk;

	walk.finder = finder;
	walk.reader = reader;
	walk.entry = entry;
	walk.cursor = cursor_over(entry->payload, false);
	walk.stack[0] = (struct open_message){ entry->schema, walk.cursor.end };
	walk.depth = 1;
	while (walk.depth) {
		if (walk.cursor.pos >= walk.stack[walk.depth - 1].end)
			walk.depth--;
		else if (!next_field(&walk))
			return;
	}
}

static void walk_image(struct finder *finder, const struct member *member,
		       const struct image_kind *kind)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open(finder->checkpoint, member, kind->name, &reader))
		return;
	while (!finder->full && image_next(&reader, &entry))
		walk_entry(finder, &reader, &entry);
	load_close(finder->checkpoint, &reader);
}

/* --- images ------------------------------------------------------------------------------- */

/* A file called .img that is no image known by its name either. */
static bool is_strange(struct bytes name)
{
	uint64_t id;

	for (unsigned i = 0; i < n_image_kinds; i++)
		if (image_name_fits(&image_kinds[i], name, &id))
			return false;
	return bytes_end_with(name, BYTES(".img"));
}

static void add_image(struct finder *finder, const struct member *member, struct bytes head,
		      uint32_t magic)
{
	struct origin origin = { .member = source_index(&finder->checkpoint->source, member),
				 .entry = NO_ENTRY };
	struct cursor cursor = cursor_over(head, false);
	struct unknown *row;

	if (!has_room(finder, member))
		return;
	if (!magic && !cursor_u32(&cursor, &magic))
		magic = 0;
	row = add_row(finder, "image", origin, head);
	row->length = member->size;
	row->magic = head.len < sizeof(uint32_t) ? ABSENT_U64 : magic;
}

static void look_at(struct finder *finder, const struct member *member, bool is_beside)
{
	struct checkpoint *checkpoint = finder->checkpoint;
	uint8_t bytes[UNKNOWN_KEPT];
	size_t len = source_head(&checkpoint->source, member, bytes, sizeof(bytes));
	struct bytes head = { bytes, len };
	struct image_header header;

	if (!image_recognise(head, member->name, &header)) {
		if (is_beside && is_strange(member->name))
			add_image(finder, member, head, 0);
		return;
	}
	if (!header.kind)
		add_image(finder, member, head, header.magic);
	else if (header.kind->message)
		walk_image(finder, member, header.kind);
}

/* The images' directory, and the one above, where the statistics may be. */
static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct finder finder = { .checkpoint = checkpoint, .rows = rows };
	struct source *source = &checkpoint->source;
	struct bytes above = bytes_dirname(checkpoint->images);

	for (size_t i = 0; i < source->n_by_name && !finder.full; i++) {
		const struct member *member = &source->members.items[source->by_name[i]];
		struct bytes directory = bytes_dirname(member->name);
		bool is_beside = bytes_equal(directory, checkpoint->images);

		if (member->type == MEMBER_FILE && (is_beside || bytes_equal(directory, above)))
			look_at(&finder, member, is_beside);
	}
}

const struct leaf leaf_unknown = {
	.name = "unknown",
	.row_size = sizeof(struct unknown),
	.load = load,
};
