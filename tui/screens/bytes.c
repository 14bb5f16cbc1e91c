/* The bytes of a member: of an image, of a file of pages, of anything else in the archive. */
#include "decoders/base/escape.h"
#include "decoders/base/human.h"
#include "decoders/model/layers.h"
#include "tui/view.h"
#include "tui/widgets/hexdump.h"

struct state {
	struct hexdump dump;
	struct source *source;
	const struct member *member;
	uint64_t readable; /* bytes from its start */
};

static size_t read_bytes(void *context, uint64_t address, uint8_t *buffer, size_t len)
{
	struct state *state = context;
	struct error *error;

	if (address >= state->readable)
		return 0;
	if (len > state->readable - address)
		len = (size_t)(state->readable - address);
	error = source_read(state->source, state->member, address, buffer, len);
	if (!error)
		return len;
	error_free(error);
	return 0;
}

static void line(void *context, uint64_t address, struct hex_line *ret)
{
	struct state *state = context;
	uint64_t size = state->member->size;

	ret->address = address - address % HEX_LINE;
	ret->n = (unsigned)read_bytes(context, ret->address, ret->bytes, HEX_LINE);
	ret->next = ret->address + ret->n;
	if (ret->n)
		return;
	/* One line for all that is not there. */
	if (ret->address >= state->readable)
		ret->address = state->readable;
	ret->what = size ? "cannot be read: cut off, or not kept of an archive that streamed past" : "empty";
	ret->is_bad = size != 0;
	ret->next = ret->address < size ? size : ret->address;
}

static const struct hex_source bytes_source = { .line = line, .read = read_bytes };

static struct source *source_of(struct checkpoint *checkpoint, uint32_t layer)
{
	if (layer == ORIGIN_AROUND)
		return checkpoint->source.outer;
	return layer && layer < checkpoint->layers.n ? checkpoint->layers.items[layer].source
						     : &checkpoint->source;
}

static struct error *open_bytes(struct view *view, const struct link *link)
{
	struct state *state = view->state;

	state->source = source_of(view->checkpoint, link->layer);
	if (!state->source || link->member >= state->source->members.n)
		return error_new(ERROR_USAGE, "there is no such member");
	state->member = &state->source->members.items[link->member];
	state->readable = member_readable(state->source, state->member);
	if (state->readable > state->member->size)
		state->readable = state->member->size;
	state->dump = (struct hexdump){ .source = &bytes_source, .context = state,
					.last = state->member->size ? state->member->size - 1 : 0 };
	hexdump_go(&state->dump, link->address == NO_OFFSET ? 0 : link->address);
	return NULL;
}

static void title(struct view *view, struct out *out)
{
	struct state *state = view->state;

	escape_text(out, bytes_basename(state->member->name));
}

static void draw(struct view *view, const struct area *area)
{
	struct state *state = view->state;
	int types = hexdump_type_rows(&state->dump, area->rows);
	struct area body = area_rows(area, 0, area->rows - types);

	hexdump_draw(&state->dump, &body);
	if (types)
		hexdump_draw_types(&state->dump, area, area->rows - types);
}

static bool act(struct view *view, enum action action)
{
	return hexdump_act(&((struct state *)view->state)->dump, action);
}

static void close_bytes(struct view *view)
{
	hexdump_deinit(&((struct state *)view->state)->dump);
}

static struct error *go(struct view *view, uint64_t address)
{
	struct state *state = view->state;

	if (address > state->dump.last)
		return error_new(ERROR_USAGE, "the last byte is at 0x%llx", (unsigned long long)state->dump.last);
	hexdump_go(&state->dump, address);
	return NULL;
}

static bool origin(struct view *view, struct origin *ret)
{
	struct state *state = view->state;

	*ret = (struct origin){ .member = view->link.member, .layer = view->link.layer, .entry = NO_ENTRY,
				.offset = state->dump.cursor };
	return true;
}

static void status(struct view *view, struct out *out)
{
	struct state *state = view->state;

	if (state->dump.has_mark) {
		out_text(out, "mark ");
		out_hex(out, state->dump.mark);
		out_text(out, "  ");
	}
	print_size(state->member->size, out);
}

static struct hexdump *dump(struct view *view)
{
	return &((struct state *)view->state)->dump;
}

const struct screen screen_bytes = {
	.name = "bytes",
	.help = "the bytes of a member",
	.by_link = true,
	.keys = KEYS_MEMORY,
	.state_size = sizeof(struct state),
	.open = open_bytes,
	.close = close_bytes,
	.title = title,
	.draw = draw,
	.act = act,
	.dump = dump,
	.origin = origin,
	.status = status,
	.go = go,
};
