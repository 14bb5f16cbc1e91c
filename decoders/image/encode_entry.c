#include "decoders/image/encode_entry.h"

#include "decoders/base/json_c.h"
#include "decoders/base/size.h"
#include "decoders/image/build.h"
#include "decoders/image/decode.h"
#include "decoders/image/extra.h"
#include "decoders/image/pack.h"

/* Takes a key out of an object; NULL where it is not there. The caller puts it. */
static struct json_object *take_key(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	if (json_object_object_get_ex(object, key, &value)) {
		json_object_get(value);
		json_object_object_del(object, key);
	}
	return value;
}

/* The list of entries that decode shows of RAW, as JSON. False where that is damaged. */
static bool decode_raw(const struct encoding *encoding, struct bytes raw, bool readable,
		       struct out *text)
{
	struct decode_options options = { .readable = readable };
	struct image_reader reader = { .header = encoding->header, .image = raw,
				       .name = BYTES("$wire"),
				       .next = encoding->index > 0 && !encoding->head_end };
	struct problems problems;
	struct json json;
	bool intact;

	problems_init(&problems);
	arena_init(&reader.scratch);
	reader.problems = &problems;
	json_init(&json, text, JSON_ONE_LINE);
	decode_entries(&reader, &options, &json);
	intact = problems.n == 0;
	image_close(&reader);
	problems_deinit(&problems);
	return intact;
}

/* The list that decode printed; NULL where its tree would be too large. */
static struct json_object *parse_list(struct bytes text)
{
	struct json_object *list = NULL;
	struct json_member member;
	struct json_walk walk;
	const char *reason;
	size_t end;

	if (!json_walk_begin(text, 0, &walk))
		return NULL;
	while (json_walk_next(&walk, &member) == JSON_MEMBER)
		if (member.tree > ENCODE_TREE_MAX)
			return NULL;
	return json_c_parse(text, &list, &end, &reason) ? list : NULL;
}

/* Whether WIRE is one entry that decode shows as OBJECT. A chunk is one only behind its head. */
static bool says_the_same(const struct encoding *encoding, struct json_object *object,
			  struct bytes wire, bool readable)
{
	struct bytes head = bytes_first(out_held(encoding->image), encoding->head_end);
	struct json_object *list = NULL;
	size_t n = encoding->head_end ? 2 : 1;
	struct out raw, text;
	bool same = false;

	out_init(&raw, -1);
	out_init(&text, -1);
	out_bytes(&raw, encoding->head_end ? bytes_from(head, encoding->entries) : NO_BYTES);
	out_bytes(&raw, wire);
	if (decode_raw(encoding, out_held(&raw), readable, &text) &&
	    (list = parse_list(out_held(&text))) &&
	    json_object_array_length(list) == n) {
		struct json_object *shown = json_object_array_get_idx(list, n - 1);

		json_object_object_del(shown, "$wire");
		same = json_object_equal(shown, object);
	}
	json_object_put(list);
	out_deinit(&text);
	out_deinit(&raw);
	return same;
}

/* Whether WIRE is the head of a sparse file. */
static bool is_head(const struct encoding *encoding, struct bytes wire)
{
	const struct extra *extra = encoding->header.kind->extra;
	struct image_reader reader = { .header = encoding->header, .image = wire,
				       .name = BYTES("$wire") };
	struct image_entry entry;
	struct problems problems;
	bool head;

	if (!extra || !extra->chunked || encoding->index > 0)
		return false;
	problems_init(&problems);
	arena_init(&reader.scratch);
	reader.problems = &problems;
	head = image_next(&reader, &entry) && extra->chunked(entry.message);
	image_close(&reader);
	problems_deinit(&problems);
	return head;
}

static struct error *encode_wire(struct encoding *encoding, const struct json_place *place,
				 struct json_object *object, struct json_object *base64)
{
	struct json_place key = { .parent = place, .key = "$wire" };
	struct bytes wire = NO_BYTES;
	struct error *error = read_base64(&encoding->reading, &key, base64, &wire);

	if (error)
		return error;
	if (!says_the_same(encoding, object, wire, false) &&
	    !says_the_same(encoding, object, wire, true))
		return reading_error(&encoding->reading, &key,
				     "the fields say something else than these bytes; without \"$wire\" "
				     "the fields count");
	out_bytes(encoding->image, wire);
	if (is_head(encoding, wire))
		encoding->head_end = encoding->image->len;
	return NULL;
}

/* Whether one byte more behind what begins at START would belong to it as well. */
static bool is_to_the_end(const struct extra *extra, const ProtobufCMessage *message,
			  struct out *image, size_t start)
{
	struct cursor cursor;
	struct error *error;
	uint64_t payload;
	bool left;

	out_char(image, '\0');
	cursor = cursor_over(bytes_from(out_held(image), start), false);
	error = extra->measure(message, &cursor, &payload);
	left = error || cursor_left(&cursor);
	error_free(error);
	image->len--;
	return !left;
}

/* What follows the message, which must be as long as that says. */
static struct error *encode_extra(struct encoding *encoding, const struct json_place *place,
				  const ProtobufCMessage *message, struct json_object *value)
{
	const struct extra *extra = encoding->header.kind->extra;
	struct json_place key = { .parent = place, .key = "extra" };
	size_t start = encoding->image->len;
	struct cursor cursor;
	struct error *error;
	uint64_t payload;

	if (!value)
		return reading_error(&encoding->reading, place, "\"extra\" is missing");
	error = extra->parse(&encoding->reading, &key, message, value, encoding->image);
	if (error)
		return error;
	cursor = cursor_over(bytes_from(out_held(encoding->image), start), encoding->header.big_endian);
	error = extra->measure(message, &cursor, &payload);
	if (!error && cursor_left(&cursor) == 0) {
		encoding->to_the_end = is_to_the_end(extra, message, encoding->image, start);
		return NULL;
	}
	error_free(error);
	return reading_error(&encoding->reading, &key, "%zu bytes, and the entry's fields say %s",
			     encoding->image->len - start, error ? "more" : "less");
}

static struct error *encode_chunk(struct encoding *encoding, const struct json_place *place,
				  struct json_object *object)
{
	static const char *const keys[] = { "len", "off", "extra" };
	struct json_object *members[ARRAY_SIZE(keys)];
	struct json_place places[ARRAY_SIZE(keys)];
	struct bytes bytes = NO_BYTES;
	uint64_t len = 0, offset = 0;
	struct error *error;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		places[i] = (struct json_place){ .parent = place, .key = keys[i] };
	error = read_members(&encoding->reading, place, object, keys, ARRAY_SIZE(keys), members);
	if (!error)
		error = read_u64(&encoding->reading, &places[0], members[0], UINT64_MAX, &len);
	if (!error)
		error = read_u64(&encoding->reading, &places[1], members[1], UINT64_MAX, &offset);
	if (!error)
		error = read_base64(&encoding->reading, &places[2], members[2], &bytes);
	if (!error && bytes.len != len)
		error = reading_error(&encoding->reading, &places[2], "%zu bytes, and len says %llu",
				      bytes.len, (unsigned long long)len);
	if (!error)
		ghost_pack_chunk(encoding->image, offset, bytes, encoding->header.big_endian);
	return error;
}

static struct error *encode_fields(struct encoding *encoding, const struct json_place *place,
				   struct json_object *object, struct json_object *extra_value)
{
	const struct image_kind *kind = encoding->header.kind;
	const struct schema_message *schema =
		kind->later && encoding->index ? kind->later : kind->message;
	ProtobufCMessage *message;
	struct error *error;
	struct out packed;

	error = build_message(&encoding->reading, place, object, schema, &message);
	if (error)
		return error;
	out_init(&packed, -1);
	pack_message(&packed, message);
	if (packed.len > UINT32_MAX)
		error = reading_error(&encoding->reading, place, "an entry of %zu bytes is not possible",
				      packed.len);
	pack_u32(encoding->image, (uint32_t)packed.len, encoding->header.big_endian);
	out_bytes(encoding->image, out_held(&packed));
	out_deinit(&packed);
	if (!error && kind->extra && kind->extra->chunked && kind->extra->chunked(message))
		encoding->head_end = encoding->image->len;
	else if (!error && kind->extra)
		error = encode_extra(encoding, place, message, extra_value);
	return error;
}

struct error *encode_entry(struct encoding *encoding, const struct json_place *place,
				  struct json_object *object)
{
	bool has_extra = encoding->header.kind->extra && !encoding->head_end;
	struct json_object *wire, *extra = NULL;
	struct error *error;

	if (!json_object_is_type(object, json_type_object))
		return reading_error(&encoding->reading, place, "an object is wanted, not %s",
				     value_type(object));
	if (encoding->to_the_end)
		return reading_error(&encoding->reading, place,
				     "the content of the entry before goes on to the end: nothing can follow");
	wire = take_key(object, "$wire");
	if (wire) {
		error = encode_wire(encoding, place, object, wire);
	} else if (encoding->head_end) {
		error = encode_chunk(encoding, place, object);
	} else {
		extra = has_extra ? take_key(object, "extra") : NULL;
		error = encode_fields(encoding, place, object, extra);
	}
	json_object_put(wire);
	json_object_put(extra);
	return error;
}
