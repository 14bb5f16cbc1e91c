/*
 * A JSON document of a container engine, read with distrust.
 *
 * Its size, its depth and the memory that its tree takes are bounded; it must be strict JSON in
 * UTF-8. What is wrong with it is added to the problems, once, and it is empty then.
 */
#pragma once

#include <json-c/json.h>

#include "decoders/base/arena.h"
#include "decoders/base/bytes.h"
#include "decoders/base/error.h"
#include "decoders/source/source.h"

struct document {
	struct source *source;
	const struct member *member; /* NULL where there is none */
	struct problems *problems;
	struct json_object *root;    /* NULL too where it is "null", or broken */
};

/* MEMBER may be NULL. The text is put into SCRATCH. */
void document_init(struct source *source, const struct member *member, struct arena *scratch,
		   struct problems *problems, struct document *ret);

/* The document inside a protobuf Any: its field 2. */
void document_init_any(struct source *source, const struct member *member, struct arena *scratch,
		       struct problems *problems, struct document *ret);
void document_deinit(struct document *document);

/*
 * The value at PATH, keys with '/' between them, or NULL. The key "*" stands for each element of
 * an object or a list, and the first that has what follows wins. Text on the way is read as
 * JSON: engines keep documents in annotations. Empty text is nothing. Borrowed from DOCUMENT.
 */
struct json_object *document_find(struct document *document, const char *path);

/* Adds an error about this document. */
void document_problem(struct document *document, struct error *error);
