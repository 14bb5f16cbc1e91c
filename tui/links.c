/* What leads where: by the names that ":" knows, and from a row to the bytes that it was read from. */
#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "decoders/live/live.h"
#include "decoders/model/layers.h"
#include "tui/view.h"

bool link_named(struct bytes name, struct link *ret)
{
	for (size_t i = 0; i < n_screens; i++)
		if (!screens[i]->by_link && bytes_equal(name, bytes_of(screens[i]->name))) {
			*ret = LINK_TO(screens[i]);
			return true;
		}
	for (size_t i = 0; i < n_tables; i++)
		if (bytes_equal(name, bytes_of(tables[i]->name)) ||
		    (tables[i]->plural && bytes_equal(name, bytes_of(tables[i]->plural)))) {
			*ret = LINK_TO(&screen_table);
			ret->table = tables[i];
			return true;
		}
	return false;
}

static const struct source *source_of(const struct checkpoint *checkpoint, const struct origin *origin)
{
	if (origin->layer == ORIGIN_AROUND)
		return checkpoint->source.outer;
	return origin->layer && origin->layer < checkpoint->layers.n
		       ? checkpoint->layers.items[origin->layer].source
		       : &checkpoint->source;
}

/* The files of /proc have no bytes to go to: they were read and are others now. */
bool link_to_origin(struct checkpoint *checkpoint, const struct origin *origin, struct link *ret)
{
	const struct source *source = source_of(checkpoint, origin);

	if (live_is(checkpoint) || origin->member == NO_ROW || !source || origin->member >= source->members.n)
		return false;
	*ret = LINK_TO(&screen_bytes);
	ret->layer = origin->layer;
	ret->member = origin->member;
	ret->address = origin->offset == NO_OFFSET ? 0 : origin->offset;
	return true;
}

void put_origin(const struct checkpoint *checkpoint, const struct origin *origin, struct out *out)
{
	const struct source *source = source_of(checkpoint, origin);
	const struct member *member;

	if (origin->member == NO_ROW || !source || origin->member >= source->members.n) {
		out_text(out, "worked out, not read from one place");
		return;
	}
	member = &source->members.items[origin->member];
	escape_text(out, member->name);
	if (origin->entry != NO_ENTRY)
		out_printf(out, " #%u", origin->entry);
	if (origin->offset != NO_OFFSET) {
		out_text(out, " @");
		out_hex(out, origin->offset);
	}
	if (origin->layer == ORIGIN_AROUND)
		out_text(out, " (around the checkpoint)");
	else if (origin->layer)
		out_printf(out, " (ancestor %u)", origin->layer);
}
