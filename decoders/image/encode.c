#include "decoders/image/encode.h"

#include "decoders/base/json_c.h"
#include "decoders/base/nearest.h"
#include "decoders/image/encode_entry.h"
#include "decoders/image/pack.h"

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
