/* One entry of an image, down to single fields, each with its place. */
#include "decoders/base/escape.h"
#include "tui/screens/image.h"

enum { MOST_FIELDS = 1 << 20, MOST_INDENT = 20 };

struct state {
	struct arena arena;
	struct problems problems;
	struct image_reader reader;
	VEC(struct prescan_field) fields;
	bool too_many, is_damaged;
	struct list list;
};

enum { COLUMN_OFFSET, COLUMN_LENGTH, COLUMN_NUMBER, COLUMN_NAME, COLUMN_VALUE };
static const char *const headings[] = { "offset", "bytes", "no", "field", "value" };

static size_t model_count(void *context)
{
	return ((struct state *)context)->fields.n;
}

static bool model_is_number(void *context, size_t column)
{
	(void)context;
	return column < COLUMN_NAME;
}

static const struct schema_field *facts_of(const struct prescan_field *field)
{
	return field->index == SIZE_MAX ? NULL : &field->schema->fields[field->index];
}

static void put_value(const struct prescan_field *field, struct out *out, enum look *look)
{
	const struct schema_field *facts = facts_of(field);

	if (facts && facts->message) {
		out_printf(out, "%s, %zu bytes", facts->message->name, field->value.len);
		*look = LOOK_DIM;
		return;
	}
	put_field_value(field, facts && facts->show == SHOW_HEX, out);
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	const struct prescan_field *field = &((struct state *)context)->fields.items[row];

	switch (column) {
	case COLUMN_OFFSET:
		out_hex(out, field->offset);
		break;
	case COLUMN_LENGTH:
		out_u64(out, field->value_offset + field->value.len - field->offset);
		break;
	case COLUMN_NUMBER:
		out_u64(out, field->number);
		break;
	case COLUMN_NAME:
		out_repeat(out, ' ', 2 * (field->depth < MOST_INDENT ? (size_t)field->depth : MOST_INDENT));
		out_text(out, field->index == SIZE_MAX ? "(unknown)"
						       : field->schema->pb->fields[field->index].name);
		*look = field->index == SIZE_MAX ? LOOK_WARNING : LOOK_STRONG;
		break;
	default:
		put_value(field, out, look);
	}
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.is_number = model_is_number,
	.cell = model_cell,
};

static void add_field(void *context, const struct prescan_field *field)
{
	struct state *state = context;

	if (state->fields.n == MOST_FIELDS)
		state->too_many = true;
	else
		*vec_push(&state->arena, &state->fields) = *field;
}

/* The entry at the link's offset; its framing was found good by whoever made the link. */
static void find_fields(struct state *state, const struct link *link)
{
	const struct image_kind *kind = state->reader.header.kind;
	struct bytes rest = bytes_from(state->reader.image, link->address);
	const struct prescan_observer observer = { add_field, state };
	struct prescan scan;
	struct error *error;
	uint32_t len = 0;

	for (size_t i = 0; i < sizeof(len) && i < rest.len; i++)
		len |= (uint32_t)rest.data[i] << 8 * (state->reader.header.big_endian ? sizeof(len) - 1 - i : i);
	error = prescan_observed(kind->later && link->number ? kind->later : kind->message,
				 bytes_first(bytes_from(rest, sizeof(len)), len), link->address + sizeof(len),
				 &observer, &scan);
	state->is_damaged = error != NULL;
	error_free(error);
}

static struct error *open_fields(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	struct error *error;

	arena_init(&state->arena);
	problems_init(&state->problems);
	error = image_screen_open(view->checkpoint, link, &state->arena, &state->problems, &state->reader);
	if (error) {
		arena_deinit(&state->arena);
		problems_deinit(&state->problems);
		return error;
	}
	if (state->reader.header.kind->message)
		find_fields(state, link);
	list_init(&state->list, &model, state);
	return NULL;
}

static void close_fields(struct view *view)
{
	struct state *state = view->state;

	list_deinit(&state->list);
	image_close(&state->reader);
	problems_deinit(&state->problems);
	arena_deinit(&state->arena);
}

static void title(struct view *view, struct out *out)
{
	out_printf(out, "entry %llu", (unsigned long long)view->link.number);
}

static void draw(struct view *view, const struct area *area)
{
	list_draw(&((struct state *)view->state)->list, area);
}

static struct list *list(struct view *view)
{
	return &((struct state *)view->state)->list;
}

static bool origin(struct view *view, struct origin *ret)
{
	struct state *state = view->state;

	*ret = (struct origin){ .member = view->link.member, .layer = view->link.layer,
				.entry = (uint32_t)view->link.number, .offset = view->link.address };
	if (state->list.cursor < state->fields.n)
		ret->offset = state->fields.items[state->list.cursor].offset;
	return true;
}

static bool follow(struct view *view, struct link *ret)
{
	struct origin from;

	return origin(view, &from) && link_to_origin(view->checkpoint, &from, ret);
}

static void status(struct view *view, struct out *out)
{
	struct state *state = view->state;

	out_printf(out, "%zu of %zu", state->fields.n ? state->list.cursor + 1 : 0, state->fields.n);
	if (state->too_many)
		out_text(out, ", and more that are not shown");
	if (state->is_damaged)
		out_text(out, "  damaged: the rest cannot be told");
}

static void command(struct view *view, struct out *out)
{
	out_text(out, "decode --offsets");
	put_member(view, view->link.layer, view->link.member, out);
}

const struct screen screen_fields = {
	.name = "fields",
	.help = "one entry of an image, field by field",
	.by_link = true,
	.keys = KEYS_LIST,
	.state_size = sizeof(struct state),
	.open = open_fields,
	.close = close_fields,
	.title = title,
	.draw = draw,
	.list = list,
	.follow = follow,
	.origin = origin,
	.status = status,
	.command = command,
};
