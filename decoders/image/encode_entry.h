/* One entry of a document, as decode printed it, made into the bytes of an image. */
#pragma once

#include "decoders/image/build.h"
#include "decoders/image/image.h"

enum { ENCODE_TREE_MAX = 1 << 30 }; /* memory that parsing one entry may take, by our estimate */

/* An image that is being written: what one entry must know of those before it. */
struct encoding {
	struct reading reading;
	struct image_header header;
	struct out *image;
	size_t index;    /* of the entry in the list */
	size_t entries;  /* where the first one begins in .image */
	size_t head_end; /* where it ends, if it is the head of a sparse file: chunks follow */
	bool to_the_end; /* the content of the last one goes on to the end: nothing can follow */
};

/* OBJECT is the entry, and loses keys; PLACE is where it stands, for errors. The bytes go to .image. */
struct error *encode_entry(struct encoding *encoding, const struct json_place *place, struct json_object *object)
	__attribute__((warn_unused_result));
