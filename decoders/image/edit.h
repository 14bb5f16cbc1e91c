/*
 * Single values of an image changed, and nothing else.
 *
 * An edit names a value as decode shows it, "entries[3].isk.src_addr[0]", and gives the new one
 * as either form of decode has it: 7, 0x1f, a name, an address, text. Entries that no edit names
 * keep every byte. Refused is what would leave the image without sense: a number that says how
 * many bytes of content follow, and an entry that is not in the ordinary form, because its other
 * fields would change theirs.
 */
#pragma once

#include "decoders/image/image.h"

struct edit {
	struct bytes path, value;
};

/* Appends the changed image. READER is fresh, and must find no damage: that could not be kept. */
struct error *image_edit(struct image_reader *reader, const struct edit *edits, size_t n,
			 struct out *image) __attribute__((warn_unused_result));
