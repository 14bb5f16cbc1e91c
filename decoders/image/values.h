/*
 * JSON values into what fields hold, in every form in which decode shows them.
 *
 * A number may be a JSON number, or text as the readable form has it: 0x..., the names of flags,
 * the name of a value, major:minor. Every number is held against the range of its type. What does
 * not fit is an error that says where in the document: "line 3, column 14: entries[3].regf.name".
 */
#pragma once

#include "decoders/base/arena.h"
#include "decoders/base/error.h"
#include "decoders/base/json_text.h"
#include "decoders/proto/schema.h"

struct json_object;

/* What is being read, and what an error in it is. */
struct reading {
	struct arena *arena;            /* of what is read */
	enum error_kind kind;           /* of an error in a value */
	struct bytes text;              /* the document; NO_BYTES: there is none, no line is told */
	const struct json_place *root;  /* what the value stands for that begins */
	size_t start;                   /* ... here in the text */
	bool big_endian;                /* the image is */
	struct problems *problems;      /* for what is told and does not stop the work */
};

/* "line L, column C: PLACE: ...". */
struct error *reading_error(const struct reading *reading, const struct json_place *place,
			    const char *format, ...)
	__attribute__((format(printf, 3, 4), returns_nonnull, warn_unused_result));

/* An error that says "there is no KEY here", and which of N words may be meant. */
struct error *reading_unknown(const struct reading *reading, const struct json_place *place,
			      const char *key, const char *const *words, size_t n)
	__attribute__((returns_nonnull, warn_unused_result));

/* The value of one field, or one of its values, except messages; to where protobuf-c keeps it. */
struct error *read_scalar(const struct reading *reading, const struct json_place *place,
			  struct json_object *value, const ProtobufCFieldDescriptor *field,
			  const struct schema_field *facts, void *ret)
	__attribute__((warn_unused_result));

struct error *read_u64(const struct reading *reading, const struct json_place *place,
		       struct json_object *value, uint64_t max, uint64_t *ret)
	__attribute__((warn_unused_result));
struct error *read_base64(const struct reading *reading, const struct json_place *place,
			  struct json_object *value, struct bytes *ret)
	__attribute__((warn_unused_result));

/* Whether VALUE is the text of an address; the words of it then, as an image holds them. */
bool read_address(const struct reading *reading, struct json_object *value, uint32_t ret[4],
		  size_t *ret_n);

/*
 * Members of an object: an error where it is no object, where one of the N KEYS is absent, or
 * where it has others. ret[i] is borrowed.
 */
struct error *read_members(const struct reading *reading, const struct json_place *place,
			   struct json_object *object, const char *const *keys, size_t n,
			   struct json_object **ret) __attribute__((warn_unused_result));

/* "a number", "a list": what stands there, for errors. */
const char *value_type(struct json_object *value);
