/* An image, entry by entry. */
#include "tui/screens/image.h"

#include "decoders/base/cursor.h"
#include "decoders/base/escape.h"
#include "decoders/image/decode.h"
#include "decoders/model/layers.h"

enum { MOST_ENTRIES = 1 << 20, MOST_VALUE = 160, FIELDS_A_LINE = 6 };

struct entry {
	uint64_t offset;
	uint32_t len; /* of the message */
};

struct state {
	struct tui *tui;
	struct arena arena;
	struct problems problems;
	struct image_reader reader;
	VEC(struct entry) entries;
	bool too_many;
	struct list list;
};

/* --- shared with fields.c ----------------------------------------------------------------------------- */

struct error *image_screen_open(struct checkpoint *checkpoint, const struct link *link, struct arena *arena,
				struct problems *problems, struct image_reader *ret)
{
	struct source *source = link->layer && link->layer < checkpoint->layers.n
					? checkpoint->layers.items[link->layer].source
					: &checkpoint->source;
	const struct member *member;
	struct bytes image = { 0 };
	struct error *error;

	if (link->member >= source->members.n)
		return error_new(ERROR_USAGE, "there is no such image");
	member = &source->members.items[link->member];
	error = source_load(source, member, MAX_LOADED, arena, &image);
	if (!image.data)
		return error ? error : error_new(ERROR_USAGE, "the image is empty");
	error_free(error); /* what there is of it is shown */
	return image_open(image, member->name, source->path, problems, ret);
}

static void put_json_value(const struct prescan_field *field, bool hex, struct out *out)
{
	const ProtobufCFieldDescriptor *known =
		field->index == SIZE_MAX ? NULL : &field->schema->pb->fields[field->index];
	struct cursor cursor = cursor_over(field->value, false);
	struct json json;
	uint64_t number;

	json_init(&json, out, JSON_ONE_LINE);
	if (!known && field->wire == WIRE_VARINT && cursor_varint(&cursor, &number))
		json_u64(&json, number);
	else if (!known || field->wire != wire_type_of(known))
		json_base64(&json, bytes_first(field->value, MOST_VALUE));
	else if (known->type != PROTOBUF_C_TYPE_MESSAGE)
		decode_wire_value(field->value, known, &field->schema->fields[field->index], hex, &json);
}

void put_field_value(const struct prescan_field *field, bool hex, struct out *out)
{
	struct prescan_field cut = *field;
	struct out text;
	struct bytes value;

	/* Of what is long only the beginning is spelled. */
	if (field->wire == WIRE_LENGTH)
		cut.value = bytes_first(field->value, MOST_VALUE);
	out_init(&text, -1);
	put_json_value(&cut, hex, &text);
	value = bytes_first(out_held(&text), MOST_VALUE);
	while (value.len && !utf8_valid(value))
		value.len--;
	escape_text(out, value);
	if (cut.value.len < field->value.len && value.len)
		out_printf(out, "... %zu bytes", field->value.len);
	out_deinit(&text);
}

/* --- as a list ------------------------------------------------------------------------------------------ */

enum { COLUMN_ENTRY, COLUMN_OFFSET, COLUMN_SIZE, COLUMN_FIELDS };
static const char *const headings[] = { "entry", "offset", "bytes", "fields" };

static size_t model_count(void *context)
{
	return ((struct state *)context)->entries.n;
}

static bool model_is_number(void *context, size_t column)
{
	(void)context;
	return column < COLUMN_FIELDS;
}

struct summary {
	struct out *out;
	int n;
};

static void summarise(void *context, const struct prescan_field *field)
{
	struct summary *summary = context;
	const char *name;

	if (field->depth || summary->n >= FIELDS_A_LINE || field->index == SIZE_MAX)
		return;
	name = field->schema->pb->fields[field->index].name;
	out_text(summary->out, summary->n++ ? " " : "");
	out_text(summary->out, name);
	if (field->schema->fields[field->index].message) {
		out_text(summary->out, "{}");
		return;
	}
	out_char(summary->out, '=');
	put_field_value(field, false, summary->out);
}

static void put_summary(const struct state *state, uint32_t index, struct out *out)
{
	const struct image_kind *kind = state->reader.header.kind;
	const struct entry *entry = &state->entries.items[index];
	struct summary summary = { .out = out };
	const struct prescan_observer observer = { summarise, &summary };
	struct bytes payload = bytes_first(bytes_from(state->reader.image, entry->offset + sizeof(uint32_t)),
					   entry->len);
	struct prescan scan;
	struct error *error;

	error = prescan_observed(kind->later && index ? kind->later : kind->message, payload, 0, &observer, &scan);
	if (error)
		out_text(out, summary.n ? " damaged" : "damaged");
	error_free(error);
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	struct state *state = context;
	const struct entry *entry = &state->entries.items[row];

	(void)look;
	switch (column) {
	case COLUMN_ENTRY:
		out_u64(out, row);
		break;
	case COLUMN_OFFSET:
		out_hex(out, entry->offset);
		break;
	case COLUMN_SIZE:
		out_u64(out, entry->len);
		break;
	default:
		put_summary(state, (uint32_t)row, out);
	}
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.is_number = model_is_number,
	.cell = model_cell,
};

/* --- the screen ------------------------------------------------------------------------------------------- */

static void add_entry(void *context, const struct image_entry *entry)
{
	struct state *state = context;

	if (state->entries.n == MOST_ENTRIES)
		state->too_many = true;
	else
		*vec_push(&state->arena, &state->entries) =
			(struct entry){ entry->offset, (uint32_t)entry->payload.len };
}

static void ignore_field(void *context, const struct prescan_field *field)
{
	(void)context;
	(void)field;
}

/* Entries that are damaged are seen, too. */
static void find_entries(struct state *state)
{
	const struct image_observer observer = { .entry = add_entry, .fields = { ignore_field, state } };
	struct image_entry entry;

	state->reader.observer = &observer;
	while (!state->too_many && image_next(&state->reader, &entry))
		;
	state->reader.observer = NULL;
}

static struct error *open_image(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	struct error *error;

	state->tui = view->tui;
	arena_init(&state->arena);
	problems_init(&state->problems);
	error = image_screen_open(view->checkpoint, link, &state->arena, &state->problems, &state->reader);
	if (error) {
		arena_deinit(&state->arena);
		problems_deinit(&state->problems);
		return error;
	}
	find_entries(state);
	list_init(&state->list, &model, state);
	return NULL;
}

static void close_image(struct view *view)
{
	struct state *state = view->state;

	list_deinit(&state->list);
	image_close(&state->reader);
	problems_deinit(&state->problems);
	arena_deinit(&state->arena);
}

static void title(struct view *view, struct out *out)
{
	escape_text(out, bytes_basename(((struct state *)view->state)->reader.name));
}

static void draw(struct view *view, const struct area *area)
{
	list_draw(&((struct state *)view->state)->list, area);
}

static struct list *list(struct view *view)
{
	return &((struct state *)view->state)->list;
}

static bool follow(struct view *view, struct link *ret)
{
	struct state *state = view->state;

	if (state->list.cursor >= state->entries.n)
		return false;
	*ret = view->link;
	ret->screen = &screen_fields;
	ret->number = state->list.cursor;
	ret->address = state->entries.items[state->list.cursor].offset;
	return true;
}

static bool origin(struct view *view, struct origin *ret)
{
	struct state *state = view->state;
	bool some = state->list.cursor < state->entries.n;

	*ret = (struct origin){ .member = view->link.member, .layer = view->link.layer,
				.entry = some ? (uint32_t)state->list.cursor : NO_ENTRY,
				.offset = some ? state->entries.items[state->list.cursor].offset : 0 };
	return true;
}

static void status(struct view *view, struct out *out)
{
	struct state *state = view->state;

	out_printf(out, "%s  %zu of %zu", state->reader.header.kind->name,
		   state->entries.n ? state->list.cursor + 1 : 0, state->entries.n);
	if (state->too_many)
		out_text(out, ", and more that are not shown");
	if (state->problems.n)
		out_text(out, "  damaged");
}

static void command(struct view *view, struct out *out)
{
	out_text(out, "decode --pretty");
	put_member(view, view->link.layer, view->link.member, out);
}

const struct screen screen_image = {
	.name = "image",
	.help = "an image, entry by entry",
	.by_link = true,
	.keys = KEYS_LIST,
	.state_size = sizeof(struct state),
	.open = open_image,
	.close = close_image,
	.title = title,
	.draw = draw,
	.list = list,
	.follow = follow,
	.origin = origin,
	.status = status,
	.command = command,
};
