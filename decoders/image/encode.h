/*
 * A document of decode, plain or readable, back into the image.
 *
 * Whatever decode prints of an intact image comes back byte for byte. People edit such documents,
 * so both forms of a value are understood wherever one is, and what is wrong with a document is
 * told with line, column and path: unknown keys, numbers out of range, contents that are not as
 * long as their entry says. Entries are parsed one by one, so that memory follows the largest.
 *
 * "$header" and "$wire" (see decode.h) are taken back too. An entry with "$wire" must still say
 * what those bytes say: who edits its fields deletes the key, and has the ordinary form.
 */
#pragma once

#include "decoders/image/image.h"
#include "decoders/image/values.h"

enum { ENCODE_TEXT_MAX = 384 << 20 }; /* of a document: 256 MiB of content as base64, and room */

/* Appends the image. A required field that is missing goes to PROBLEMS, as when decoding. */
struct error *encode_image(struct bytes text, struct problems *problems, struct out *image)
	__attribute__((warn_unused_result));

/* Whether TEXT can be a document, by its first character. */
bool encode_is_document(struct bytes text);
