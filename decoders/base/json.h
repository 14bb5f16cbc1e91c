/*
 * A JSON writer that streams.
 *
 * It keeps the commas, the nesting and the layout right, so that a report is valid however
 * many pieces of code contribute to it. Numbers are written exactly, whatever their size.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "decoders/base/bytes.h"
#include "decoders/base/out.h"

enum json_layout {
	JSON_ONE_LINE, /* {"a": 1, "b": [1, 2]} */
	JSON_INDENTED, /* a line each, four spaces a level */
	JSON_ROWS,     /* each element of the outermost list on a line of its own */
};

enum { JSON_DEPTH = 200 }; /* twice the deepest message (64) in objects and lists, and room */

struct json {
	struct out *out;
	enum json_layout layout;
	unsigned depth;
	bool after_key;
	bool filled[JSON_DEPTH + 1]; /* the container at this depth has an element */
};

void json_init(struct json *json, struct out *out, enum json_layout layout);

void json_object_begin(struct json *json);
void json_object_end(struct json *json);
void json_array_begin(struct json *json);
void json_array_end(struct json *json);

/* KEY is one of our own words: letters, digits and "_" need no escaping. */
void json_key(struct json *json, const char *key);
/* A key that came from the evidence, by the rules of json_text. */
void json_key_bytes(struct json *json, struct bytes key);

/* Text that came from the evidence, by the escaper's rules: \xNN for what is not UTF-8. */
void json_text(struct json *json, struct bytes text);
/* Text that must read back as the very same characters; it must be valid UTF-8. */
void json_exact(struct json *json, struct bytes text);
void json_u64(struct json *json, uint64_t value);
void json_i64(struct json *json, int64_t value);
void json_double(struct json *json, double value);
void json_bool(struct json *json, bool value);
void json_null(struct json *json);
void json_hex(struct json *json, uint64_t value); /* "0x..." */
/* MIME base64: a line feed after every 76 characters and at the end. */
void json_base64(struct json *json, struct bytes bytes);

/* A value that another writer has made. */
void json_raw(struct json *json, struct bytes text);

/* A key and its value in one call. */
void json_key_text(struct json *json, const char *key, const char *text);
void json_key_u64(struct json *json, const char *key, uint64_t value);
