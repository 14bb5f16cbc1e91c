/* Bytes that come in pieces, in order, put together for the scanner and digested for indicators. */
#pragma once

#include "db/scan/scanner.h"
#include "decoders/model/contents.h"

/* A part of what is held, and where it is. */
struct stream_part {
	uint64_t start; /* in the stream */
	struct content_place place;
};

struct stream {
	struct scanner *scanner;
	struct find_place place; /* what all of it has in common */
	struct arena arena;
	uint8_t *buffer;
	size_t held, from;       /* bytes in it; before .from all has been looked at */
	uint64_t at;             /* where the first of them is in the stream */
	VEC(struct stream_part) parts;
	struct digests_of_all *digests; /* NULL: nobody asks */
	uint64_t zeroes;         /* digested in holes, of all */
	bool is_only_digested;   /* its bytes are looked at elsewhere */
};

void stream_init(struct stream *stream, struct scanner *scanner);
void stream_deinit(struct stream *stream);

/* A new one begins. IS_ONLY_DIGESTED: its bytes are looked at elsewhere. */
void stream_begin(struct stream *stream, const struct find_place *place, bool is_only_digested);

/* DATA stands at START, not before what came; what was left out is a hole. */
void stream_add(struct stream *stream, uint64_t start, struct bytes data, const struct content_place *place);

/* It ends at SIZE, with a hole perhaps. IS_WHOLE: all of its bytes came, so that its digests count. */
void stream_end(struct stream *stream, uint64_t size, bool is_whole);
