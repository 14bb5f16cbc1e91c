/* One finding, line by line. It copies what it shows: the list that it is from may be closed before. */
#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "tui/references.h"
#include "tui/screens/finding.h"
#include "tui/widgets/pane.h"

struct line {
	const char *name;
	struct bytes text; /* escaped */
	struct link link;
};

struct state {
	struct arena arena;
	VEC(struct line) lines;
	bool has_origin;
	struct origin origin;
	uint32_t process;
	struct list list;
};

static size_t model_count(void *context)
{
	return ((struct state *)context)->lines.n;
}

static const char *const headings[] = { "", "what is found" };

static void model_cell(void *context, size_t row, size_t column, struct out *out, enum look *look)
{
	const struct line *line = &((struct state *)context)->lines.items[row];

	if (!column) {
		out_text(out, line->name);
		*look = LOOK_STRONG;
		return;
	}
	out_bytes(out, line->text);
	*look = line->link.screen ? LOOK_LINK : LOOK_PLAIN;
}

static const struct list_model model = {
	.count = model_count,
	LIST_HEADINGS(headings),
	.cell = model_cell,
};

static struct line *add(struct state *state, const char *name, struct bytes text)
{
	struct line *line = vec_push(&state->arena, &state->lines);
	struct out out;

	out_init(&out, -1);
	escape_text(&out, text);
	*line = (struct line){ .name = name, .text = arena_copy(&state->arena, out_held(&out)),
			       .link = LINK_TO(NULL) };
	out_deinit(&out);
	return line;
}

static void add_evidence(struct state *state, const struct evidence *evidence)
{
	struct out out;

	out_init(&out, -1);
	render_value(&evidence->value, &out);
	add(state, arena_text(&state->arena, bytes_of(evidence->name)), NO_BYTES)->text =
		arena_copy(&state->arena, out_held(&out));
	out_deinit(&out);
}

static void add_places(struct view *view, struct state *state, const struct finding *finding)
{
	struct line *line;
	struct out out;

	if (finding->pid != ABSENT_U32) {
		line = add(state, "process", bytes_of(arena_printf(&state->arena, "%u", finding->pid)));
		if (state->process != NO_ROW) {
			line->link = LINK_TO(&screen_process);
			line->link.row = state->process;
		}
	}
	state->has_origin = finding_origin(view->checkpoint, finding, &state->origin);
	if (!state->has_origin)
		return;
	out_init(&out, -1);
	put_origin(view->checkpoint, &state->origin, &out);
	line = add(state, "image", NO_BYTES);
	line->text = arena_copy(&state->arena, out_held(&out));
	(void)link_to_origin(view->checkpoint, &state->origin, &line->link);
	out_deinit(&out);
}

static struct error *open_finding(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	const struct suppressed *known = NULL;
	const struct finding *finding = finding_selected(tui_top(view->tui), &known);
	uint32_t row;

	(void)link;
	if (!finding)
		return error_new(ERROR_USAGE, "check lists the findings");
	arena_init(&state->arena);
	row = map_get(&view->checkpoint->process_by_pid, finding->pid);
	state->process = row == MAP_NONE ? NO_ROW : row;
	add(state, "severity", bytes_of(severities[finding->severity].name));
	add(state, "rule", finding->rule);
	add(state, "title", finding->title);
	add(state, "subject", finding->subject);
	add(state, "message", finding->message);
	if (known)
		add(state, "known", known->reason);
	if (finding->fix.len)
		add(state, "what to do", finding->fix);
	add_places(view, state, finding);
	for (size_t i = 0; i < finding->evidence.n; i++)
		add_evidence(state, &finding->evidence.items[i]);
	list_init(&state->list, &model, state);
	return NULL;
}

static void close_finding(struct view *view)
{
	struct state *state = view->state;

	list_deinit(&state->list);
	arena_deinit(&state->arena);
}

static void title(struct view *view, struct out *out)
{
	out_bytes(out, ((struct state *)view->state)->lines.items[1].text);
}

static void draw(struct view *view, const struct area *area)
{
	struct state *state = view->state;
	struct area above = pane_draw(area, 3, state->lines.items[state->list.cursor].text);

	list_draw(&state->list, &above);
}

static struct list *list(struct view *view)
{
	return &((struct state *)view->state)->list;
}

/* Where the line leads; what leads nowhere is shown to its end. */
static bool follow(struct view *view, struct link *ret)
{
	struct state *state = view->state;
	const struct line *line = &state->lines.items[state->list.cursor];

	*ret = line->link;
	return ret->screen != NULL;
}

static bool origin(struct view *view, struct origin *ret)
{
	struct state *state = view->state;

	*ret = state->origin;
	return state->has_origin;
}

static void command(struct view *view, struct out *out)
{
	out_text(out, "check --only ");
	out_bytes(out, ((struct state *)view->state)->lines.items[1].text);
	put_checkpoint(view, out);
}

static uint32_t process(struct view *view)
{
	return ((struct state *)view->state)->process;
}

const struct screen screen_finding = {
	.name = "finding",
	.help = "one finding",
	.by_link = true,
	.keys = KEYS_LIST,
	.state_size = sizeof(struct state),
	.open = open_finding,
	.close = close_finding,
	.title = title,
	.draw = draw,
	.list = list,
	.follow = follow,
	.origin = origin,
	.command = command,
	.process = process,
};
