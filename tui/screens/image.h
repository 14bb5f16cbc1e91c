/* What the screens of an image share: its bytes, and an entry of it. */
#pragma once

#include "decoders/image/image.h"
#include "tui/view.h"

/*
 * Opens the member that LINK is about as an image; its bytes live in ARENA. What is wrong with it goes to PROBLEMS,
 * which the caller drops: the model has told it already.
 */
struct error *image_screen_open(struct checkpoint *checkpoint, const struct link *link, struct arena *arena,
				struct problems *problems, struct image_reader *ret)
	__attribute__((warn_unused_result));

/* The value of a field as a line of text, cut where it is long; nothing of a message. */
void put_field_value(const struct prescan_field *field, bool hex, struct out *out);
