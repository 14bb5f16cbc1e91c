/*
 * Where everything in an image is: header words, size words, fields in fields, contents.
 *
 * Each row is a run of bytes with its offset and length. A field's run is its tag, its length
 * word if it has one, and its value; the fields of a message lie in its run, one level deeper. It
 * shows what the pre-scan passes, so a damaged entry is shown up to where it breaks, and the rest
 * of its bytes is a row that says so.
 */
#pragma once

#include "decoders/base/json.h"
#include "decoders/image/image.h"

enum { OFFSETS_TEXT_VALUE = 100 }; /* bytes of a value that a line of text shows */

/* A list of rows where JSON is not NULL, else lines of text to OUT. Damage goes to the reader's problems. */
void decode_offsets(struct image_reader *reader, struct json *json, struct out *out);
