/*
 * Where things stand in the text of a JSON document.
 *
 * json-c builds the tree of a value and forgets where it came from. This walks the text itself:
 * it cuts a large document into values that are parsed one by one, bounds what their trees will
 * take, and finds the line and column of a value that is wrong. It checks no more than that
 * strings end and brackets are closed, and what json-c changes instead of refusing it: integers
 * beyond 64 bits and halves of surrogate pairs. The rest is for the parser to refuse.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "decoders/base/bytes.h"
#include "decoders/base/out.h"

/* The members of one object or list, in turn. */
struct json_walk {
	struct bytes text;
	size_t pos;         /* behind what was passed; where the text is broken, there */
	const char *reason; /* where it is broken: why */
	bool is_object, begun;
};

struct json_member {
	struct bytes key;  /* of an object, as it stands between its quotes */
	size_t start, end; /* of the value, from the start of the text */
	size_t tree;       /* bytes that json-c may take for its tree */
};

enum json_step {
	JSON_MEMBER,
	JSON_END,    /* .pos is behind the closing bracket */
	JSON_BROKEN, /* .pos is at what does not belong there */
};

/* False where neither an object nor a list begins at POS, blanks aside. */
bool json_walk_begin(struct bytes text, size_t pos, struct json_walk *ret);
enum json_step json_walk_next(struct json_walk *walk, struct json_member *ret);

/* The position of the first character from POS on that is no blank. */
size_t json_skip_blank(struct bytes text, size_t pos);

/* A place in a document: a chain of keys and indices, the innermost first. */
struct json_place {
	const struct json_place *parent; /* NULL: the document */
	const char *key;                 /* NULL: an index */
	size_t index;
};

/* As people write it: entries[3].regf.name. */
void json_print_place(struct out *out, const struct json_place *place);

/*
 * Where the value of PLACE starts in the value that begins at POS and that ROOT stands for; where
 * it cannot be found, the nearest one around it.
 */
size_t json_locate(struct bytes text, size_t pos, const struct json_place *root,
		   const struct json_place *place);

/* Both count from 1, columns in characters. */
void json_line_and_column(struct bytes text, size_t pos, size_t *ret_line, size_t *ret_column);
