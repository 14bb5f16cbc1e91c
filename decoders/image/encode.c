#include "decoders/image/encode.h"

#include "decoders/base/json_c.h"
#include "decoders/base/nearest.h"
#include "decoders/base/size.h"
#include "decoders/image/build.h"
#include "decoders/image/decode.h"
#include "decoders/image/extra.h"
#include "decoders/image/pack.h"

/* --- entries ---------------------------------------------------------------------------------- */

struct encoding {
	struct reading reading;
	struct image_header header;
	struct out *image;
	size_t index;    /* of the entry in the list */
	size_t entries;  /* where the first one begins in .image */
	size_t head_end; /* where it ends, if it is the head of a sparse file: chunks follow */
	bool to_the_end; /* the content of the last one goes on to the end: nothing can follow */
};

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

static struct error *encode_entry(struct encoding *encoding, const struct json_place *place,
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

/* --- documents -------------------------------------------------------------------------------- */

enum { KEY_MAGIC, KEY_HEADER, KEY_ENTRIES, KEY_RAW, N_KEYS };
static const char *const document_keys[N_KEYS] = { "magic", "$header", "entries", "raw" };

/* Where the parts of a document are; .end 0: not there. */
struct parts {
	struct json_member members[N_KEYS];
};

static struct error *broken(const struct reading *reading, size_t pos, const char *reason)
{
	size_t line, column;

	json_line_and_column(reading->text, pos, &line, &column);
	return error_new(reading->kind, "line %zu, column %zu: not JSON: %s", line, column, reason);
}

/* Parses one value of the document, to which errors refer from then on. */
static struct error *parse(struct reading *reading, const struct json_member *member,
			   const struct json_place *place, struct json_object **ret)
{
	struct bytes value = { reading->text.data + member->start, member->end - member->start };
	const char *reason;
	size_t end;

	reading->root = place;
	reading->start = member->start;
	if (member->tree > ENCODE_TREE_MAX)
		return error_new(ERROR_LIMIT, "too many values in one entry");
	if (!json_c_parse(value, ret, &end, &reason))
		return broken(reading, member->start + end, reason);
	return NULL;
}

static struct error *find_part(const struct reading *reading, const struct json_member *member,
			       struct parts *parts)
{
	struct nearest nearest = nearest_to(member->key);

	for (size_t i = 0; i < N_KEYS; i++) {
		nearest_try(&nearest, bytes_of(document_keys[i]));
		if (!bytes_equal(member->key, bytes_of(document_keys[i])))
			continue;
		if (parts->members[i].end)
			return reading_error(reading, NULL, "\"%s\" is there twice", document_keys[i]);
		parts->members[i] = *member;
		return NULL;
	}
	return nearest_hint(&nearest,
			    reading_error(reading, NULL, "\"%.*s\" is no part of an image",
					  BYTES_FMT(bytes_first(member->key, 63))),
			    NULL);
}

static struct error *find_parts(struct reading *reading, struct parts *ret)
{
	struct parts parts = { 0 };
	struct json_member member;
	struct json_walk walk;
	enum json_step step;

	if (!json_walk_begin(reading->text, 0, &walk) || !walk.is_object)
		return broken(reading, json_skip_blank(reading->text, 0), "an object is wanted");
	while ((step = json_walk_next(&walk, &member)) == JSON_MEMBER) {
		struct error *error;

		reading->start = member.start;
		error = find_part(reading, &member, &parts);
		if (error)
			return error;
	}
	if (step == JSON_BROKEN)
		return broken(reading, walk.pos, walk.reason);
	walk.pos = json_skip_blank(reading->text, walk.pos);
	if (walk.pos < reading->text.len)
		return broken(reading, walk.pos, "more text after its end");
	*ret = parts;
	return NULL;
}

static struct error *read_kind(struct reading *reading, const struct parts *parts,
			       const struct image_kind **ret)
{
	struct json_place place = { .key = document_keys[KEY_MAGIC] };
	struct json_object *value = NULL;
	struct error *error;

	if (!parts->members[KEY_MAGIC].end)
		return reading_error(reading, NULL, "\"magic\" is missing: not a document of decode");
	error = parse(reading, &parts->members[KEY_MAGIC], &place, &value);
	if (error)
		return error;
	if (json_object_is_type(value, json_type_string))
		*ret = image_kind_named(json_object_get_string(value));
	if (!*ret)
		error = reading_error(reading, &place, "no kind of image is called that");
	json_object_put(value);
	return error;
}

/* {"first": ..., "byte_order": "big"} */
static struct error *read_header_key(const struct reading *reading, const struct json_place *place,
				     struct json_object *value, struct image_header *header)
{
	const char *text = json_object_get_string(value);

	if (!strcmp(place->key, "byte_order") && text && !strcmp(text, "big")) {
		header->big_endian = true;
		return NULL;
	}
	for (unsigned i = 0; !strcmp(place->key, "first") && text && i < FIRST_RAW; i++)
		if (!strcmp(text, image_first_names[i])) {
			header->first = (enum image_first)i;
			return NULL;
		}
	return reading_error(reading, place, "\"first\" is common, service or none, and \"byte_order\" big");
}

static struct error *read_header(struct reading *reading, const struct parts *parts,
				 struct image_header *header)
{
	struct json_place place = { .key = document_keys[KEY_HEADER] };
	struct json_object *object = NULL;
	struct error *error;

	if (!parts->members[KEY_HEADER].end)
		return NULL;
	error = parse(reading, &parts->members[KEY_HEADER], &place, &object);
	if (!error && !json_object_is_type(object, json_type_object))
		error = reading_error(reading, &place, "an object is wanted, not %s", value_type(object));
	if (!error) {
		json_object_object_foreach(object, key, value)
		{
			struct json_place inside = { .parent = &place, .key = key };

			error = error ? error : read_header_key(reading, &inside, value, header);
		}
	}
	json_object_put(object);
	return error;
}

static void pack_header(struct out *image, const struct image_header *header)
{
	if (header->first == FIRST_COMMON)
		pack_u32(image, MAGIC_COMMON, header->big_endian);
	if (header->first == FIRST_SERVICE)
		pack_u32(image, MAGIC_SERVICE, header->big_endian);
	pack_u32(image, header->kind->magic, header->big_endian);
}

static struct error *encode_member(struct encoding *encoding, const struct json_place *place,
				   const struct json_member *member)
{
	struct json_object *object = NULL;
	struct error *error;

	error = parse(&encoding->reading, member, place, &object);
	if (!error)
		error = encode_entry(encoding, place, object);
	json_object_put(object);
	arena_reset(encoding->reading.arena);
	return error;
}

static struct error *encode_entries(struct encoding *encoding, const struct parts *parts)
{
	struct json_place list = { .key = document_keys[KEY_ENTRIES] };
	struct reading *reading = &encoding->reading;
	struct json_member member;
	struct json_walk walk;
	enum json_step step;

	if (!parts->members[KEY_ENTRIES].end)
		return reading_error(reading, NULL, "\"entries\" is missing");
	if (!json_walk_begin(reading->text, parts->members[KEY_ENTRIES].start, &walk) || walk.is_object) {
		reading->start = parts->members[KEY_ENTRIES].start;
		reading->root = &list;
		return reading_error(reading, &list, "a list is wanted");
	}
	encoding->entries = encoding->image->len;
	for (; (step = json_walk_next(&walk, &member)) == JSON_MEMBER; encoding->index++) {
		struct json_place place = { .parent = &list, .index = encoding->index };
		struct error *error = encode_member(encoding, &place, &member);

		if (error)
			return error;
	}
	/* find_parts saw that brackets are closed; commas inside the list it did not see. */
	return step == JSON_END ? NULL : broken(reading, walk.pos, walk.reason);
}

static struct error *encode_raw(struct encoding *encoding, const struct parts *parts)
{
	struct json_place place = { .key = document_keys[KEY_RAW] };
	struct json_object *value = NULL;
	struct bytes raw = NO_BYTES;
	struct error *error;

	if (!parts->members[KEY_RAW].end)
		return reading_error(&encoding->reading, NULL, "\"raw\" is missing");
	error = parse(&encoding->reading, &parts->members[KEY_RAW], &place, &value);
	if (!error)
		error = read_base64(&encoding->reading, &place, value, &raw);
	if (!error)
		out_bytes(encoding->image, raw);
	json_object_put(value);
	return error;
}

/* A list of entries beside raw bytes, or the other way round. */
static struct error *check_parts(const struct reading *reading, const struct parts *parts,
				 const struct image_kind *kind)
{
	if (kind->message ? parts->members[KEY_RAW].end != 0
			  : parts->members[KEY_ENTRIES].end || parts->members[KEY_HEADER].end)
		return reading_error(reading, NULL, "images of the kind %s have %s", kind->name,
				     kind->message ? "no \"raw\"" : "only \"raw\"");
	return NULL;
}

static struct error *encode_parts(struct encoding *encoding)
{
	struct reading *reading = &encoding->reading;
	struct parts parts = { 0 };
	struct error *error;

	error = find_parts(reading, &parts);
	if (!error)
		error = read_kind(reading, &parts, &encoding->header.kind);
	if (!error)
		error = check_parts(reading, &parts, encoding->header.kind);
	if (error)
		return error;
	if (!encoding->header.kind->message)
		return encode_raw(encoding, &parts);
	encoding->header.first = encoding->header.kind->first;
	error = read_header(reading, &parts, &encoding->header);
	if (error)
		return error;
	reading->big_endian = encoding->header.big_endian;
	pack_header(encoding->image, &encoding->header);
	return encode_entries(encoding, &parts);
}

struct error *encode_image(struct bytes text, struct problems *problems, struct out *image)
{
	struct arena arena;
	struct encoding encoding = {
		.reading = { .arena = &arena, .kind = ERROR_UNREADABLE, .text = text,
			     .problems = problems },
		.image = image,
	};
	struct error *error;

	if (text.len > ENCODE_TEXT_MAX)
		return error_new(ERROR_LIMIT, "a document of more than %d bytes", ENCODE_TEXT_MAX);
	arena_init(&arena);
	error = encode_parts(&encoding);
	arena_deinit(&arena);
	return error;
}

bool encode_is_document(struct bytes text)
{
	size_t start = json_skip_blank(text, 0);

	return start < text.len && text.data[start] == '{';
}
