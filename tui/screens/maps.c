/* The mappings of a process, and which of their pages the checkpoint holds: a strip of signs each. */
#include "decoders/base/escape.h"
#include "decoders/live/live.h"
#include "decoders/model/address_space.h"
#include "tui/references.h"

enum {
	STRIP = 24,	/* signs at most; each stands for as many pages */
	LOOKS_A_SIGN = 16, /* spans that are looked at for one: what is finer is guessed from those */
	WIDE = 110,	/* columns of a display with room for more */
};

struct state {
	struct rows rows; /* first: the list's context is this */
	struct list list;
	struct arena arena;
	struct address_space space;
};

/* --- the strip -------------------------------------------------------------------------------------- */

static enum glyph glyph_of(const struct span *span)
{
	static const enum glyph glyphs[] = {
		[SPAN_PRESENT] = GLYPH_PRESENT, [SPAN_ZERO] = GLYPH_ZERO,	[SPAN_FILE] = GLYPH_FILE,
		[SPAN_GUARD] = GLYPH_GUARD,	[SPAN_LAZY] = GLYPH_LAZY,	[SPAN_MISSING] = GLYPH_MISSING,
		[SPAN_KERNEL] = GLYPH_KERNEL,	[SPAN_UNMAPPED] = GLYPH_MISSING,
	};

	return span->state == SPAN_PRESENT && span->layer ? GLYPH_PARENT : glyphs[span->state];
}

/* The sign for [START, END): what all of it is; where some is present, that. */
static enum glyph sign_of(const struct address_space *space, uint64_t start, uint64_t end)
{
	enum glyph first = N_GLYPHS;
	bool mixed = false, present = false;

	for (int i = 0; i < LOOKS_A_SIGN && start < end; i++) {
		struct span span = address_space_span(space, start, end - start);
		enum glyph this = glyph_of(&span);

		present |= span.state == SPAN_PRESENT;
		mixed |= first != N_GLYPHS && this != first;
		/* Damage must be seen, however small it is. */
		if (first == N_GLYPHS || this == GLYPH_MISSING)
			first = this;
		start = span_end(&span);
	}
	if (first == GLYPH_MISSING)
		return first;
	return mixed && present ? GLYPH_SOME : first;
}

static void put_strip(const struct state *state, const struct vma *vma, struct out *out)
{
	uint64_t page = state->rows.checkpoint->page_size ? state->rows.checkpoint->page_size : 4096;
	uint64_t pages = vma->end > vma->start ? (vma->end - vma->start) / page : 0;
	uint64_t signs = pages < STRIP ? pages : STRIP;

	for (uint64_t i = 0; i < signs; i++) {
		uint64_t first = pages / signs * i + pages % signs * i / signs;
		uint64_t last = pages / signs * (i + 1) + pages % signs * (i + 1) / signs;

		out_text(out, glyph_text(sign_of(&state->space, vma->start + first * page,
						 vma->start + last * page), !out->utf8));
	}
}

/* --- as a list: the columns of the table, and one more ------------------------------------------------- */

static size_t model_columns(void *context)
{
	return rows_model.n_columns(context) + 1;
}

static bool is_strip(void *context, size_t column)
{
	return column == rows_model.n_columns(context);
}

static const char *model_heading(void *context, size_t column)
{
	return is_strip(context, column) ? "pages" : rows_model.heading(context, column);
}

static bool model_is_number(void *context, size_t column)
{
	return !is_strip(context, column) && rows_model.is_number(context, column);
}

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	struct state *state = context;

	if (!is_strip(context, column)) {
		rows_model.cell(context, row, column, out, look);
		return;
	}
	put_strip(state, &state->rows.checkpoint->vmas.items[state->rows.listing.order[row]], out);
}

static size_t model_count(void *context)
{
	return rows_model.count(context);
}

static bool model_is_tagged(void *context, size_t row)
{
	return rows_model.is_tagged(context, row);
}

/* The strip is drawn. */
static bool model_value(void *context, size_t row, size_t column, struct arena *arena, struct value *ret)
{
	return !is_strip(context, column) && rows_model.value(context, row, column, arena, ret);
}

static const struct list_model model = {
	.count = model_count,
	.n_columns = model_columns,
	.heading = model_heading,
	.is_number = model_is_number,
	.cell = model_cell,
	.is_tagged = model_is_tagged,
	.value = model_value,
};

/* --- the screen ------------------------------------------------------------------------------------- */

static const char *columns_of(const struct view *view)
{
	if (view->tui->display.columns >= WIDE)
		return "start,end,prot,kind,pages_present,path";
	return live_is(view->checkpoint) ? "start,prot,kind,pages_present,path" : "start,prot,kind,path";
}

static struct error *open_maps(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	struct checkpoint *checkpoint = view->checkpoint;
	const struct table *table = table_named("vma");
	struct rows_only only = { .column = table_column(table, "pid") };
	struct error *error;

	checkpoint_need(checkpoint, PART_PAGES);
	if (link->row >= checkpoint->processes.n)
		return error_new(ERROR_USAGE, "there is no such process");
	only.number = checkpoint->processes.items[link->row].pid;
	error = rows_open(&state->rows, &state->list, checkpoint, table, &only, columns_of(view),
			  tui_kept(view, NULL), &view->tui->reveal);
	if (error)
		return error;
	if (!live_is(checkpoint)) /* whose pages nobody holds */
		state->list.model = &model;
	arena_init(&state->arena);
	address_space_init(checkpoint, link->row, &state->arena, &state->space);
	return NULL;
}

static void close_maps(struct view *view)
{
	struct state *state = view->state;

	rows_close(&state->rows);
	arena_deinit(&state->arena);
}

static void title(struct view *view, struct out *out)
{
	out_printf(out, "maps of %u", view->checkpoint->processes.items[view->link.row].pid);
}

static void draw(struct view *view, const struct area *area)
{
	static const struct {
		enum glyph glyph;
		const char *what;
	} legend[] = {
		{ GLYPH_PRESENT, "here" }, { GLYPH_SOME, "in part" }, { GLYPH_PARENT, "parent" },
		{ GLYPH_ZERO, "zero" },	   { GLYPH_FILE, "file" },    { GLYPH_LAZY, "lazy" },
		{ GLYPH_GUARD, "guard" },  { GLYPH_KERNEL, "kernel" }, { GLYPH_MISSING, "missing" },
	};
	struct state *state = view->state;
	int above = area->rows > 5 && state->list.model == &model, column = 1;
	struct area below = area_rows(area, above, -1);

	for (size_t i = 0; above && i < sizeof(legend) / sizeof(*legend); i++) {
		column += area_text(area, 0, column, LOOK_STRONG, glyph_text(legend[i].glyph, area->display->ascii));
		column += area_text(area, 0, column + 1, LOOK_DIM, legend[i].what) + 2;
	}
	list_draw(&state->list, &below);
}

static struct list *list(struct view *view)
{
	return &((struct state *)view->state)->list;
}

static struct rows *rows(struct view *view)
{
	return &((struct state *)view->state)->rows;
}

static bool follow(struct view *view, struct link *ret)
{
	uint32_t row = rows_selected(rows(view));

	return row != NO_ROW && row_follow(view->checkpoint, rows(view)->table, row, ret);
}

static bool origin(struct view *view, struct origin *ret)
{
	return rows_origin(rows(view), ret);
}

static void command(struct view *view, struct out *out)
{
	out_printf(out, "%s -p %u", live_is(view->checkpoint) ? "list vma" : "mem",
		   view->checkpoint->processes.items[view->link.row].pid);
	put_checkpoint(view, out);
}

static uint32_t process(struct view *view)
{
	return view->link.row;
}

const struct screen screen_maps = {
	.name = "heat",
	.help = "the mappings of a process and their pages",
	.by_link = true,
	.keys = KEYS_LIST | KEYS_TABLE,
	.state_size = sizeof(struct state),
	.open = open_maps,
	.close = close_maps,
	.title = title,
	.draw = draw,
	.list = list,
	.rows = rows,
	.follow = follow,
	.origin = origin,
	.command = command,
	.process = process,
};
