/* The memory of a process, byte by byte, with what is where no byte is. */
#include "decoders/base/escape.h"
#include "decoders/live/live.h"
#include "decoders/model/address_space.h"
#include "tui/references.h"
#include "tui/widgets/hexdump.h"

struct state {
	struct view *view;
	struct arena arena;
	struct address_space space;
	struct hexdump dump;
};

/* --- lines ------------------------------------------------------------------------------------------ */

/* The span that begins at ADDRESS, whatever its length. */
static struct span span_at(const struct state *state, uint64_t address)
{
	return address_space_span(&state->space, address, UINT64_MAX);
}

static size_t n_up_to(const struct state *state, uint64_t address)
{
	return ranges_up_to(state->space.ranges, state->space.n, address);
}

static const struct mapped_range *range_at(const struct state *state, size_t i)
{
	return &state->space.ranges[i];
}

/* Whether [FROM, TO] is one span that is not present. */
static bool is_one_gap(const struct state *state, uint64_t from, uint64_t to)
{
	struct span span = address_space_span(&state->space, from, to - from + 1);

	return span.state != SPAN_PRESENT && span.len > to - from;
}

/*
 * Where the gap that ADDRESS is in begins. Spans are found forwards only; but if one reaches from here to ADDRESS, one
 * does from everywhere between, so the beginning can be searched for by halves.
 */
static uint64_t gap_start(const struct state *state, uint64_t address)
{
	size_t n = n_up_to(state, address);
	uint64_t low = n ? range_at(state, n - 1)->start : 0, high = address;

	if (n && range_at(state, n - 1)->end <= address)
		low = range_at(state, n - 1)->end;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (is_one_gap(state, middle, address))
			high = middle;
		else
			low = middle + 1;
	}
	return high;
}

static const char *gap_text(enum span_state state)
{
	static const char *const texts[] = {
		[SPAN_PRESENT] = "cannot be read",
		[SPAN_ZERO] = "never written: it reads as zeroes",
		[SPAN_FILE] = "not dumped: what the file held there",
		[SPAN_GUARD] = "a guard: to touch it was a fault",
		[SPAN_LAZY] = "left to a page server",
		[SPAN_MISSING] = "missing: in a parent that is not here, or cut off",
		[SPAN_KERNEL] = "the kernel's own: never dumped",
		[SPAN_UNMAPPED] = "not mapped",
	};

	return texts[state];
}

static size_t read_present(const struct state *state, const struct span *span, uint64_t address, uint8_t *buffer,
			   size_t len)
{
	struct error *error;

	if (len > span_end(span) - address)
		len = (size_t)(span_end(span) - address);
	error = span_read(&state->space, span, address - span->address, buffer, len);
	if (!error)
		return len;
	error_free(error);
	return 0;
}

static void line(void *context, uint64_t address, struct hex_line *ret)
{
	struct state *state = context;
	uint64_t start = address - address % HEX_LINE;
	struct span span = address_space_span(&state->space, start, HEX_LINE);

	if (span.state == SPAN_PRESENT)
		ret->n = (unsigned)read_present(state, &span, start, ret->bytes, HEX_LINE);
	ret->address = ret->n ? start : gap_start(state, address);
	if (ret->n) {
		ret->next = start + ret->n;
		return;
	}
	span = span_at(state, ret->address);
	ret->next = span_end(&span);
	ret->what = gap_text(span.state);
	ret->is_bad = span.state == SPAN_MISSING || span.state == SPAN_PRESENT;
}

static size_t read_bytes(void *context, uint64_t address, uint8_t *buffer, size_t len)
{
	struct state *state = context;
	struct span span = address_space_span(&state->space, address, len);

	return span.state == SPAN_PRESENT ? read_present(state, &span, address, buffer, len) : 0;
}

/* The mapping that an address is in. */
static void put_mapping(const struct state *state, uint64_t address, struct out *out)
{
	const struct checkpoint *checkpoint = state->view->checkpoint;
	size_t n = n_up_to(state, address);
	const struct mapped_range *range = n ? range_at(state, n - 1) : NULL;
	const struct vma *vma;
	const struct file *file;

	if (!range || range->end <= address) {
		out_text(out, "not mapped");
		return;
	}
	vma = span_vma(checkpoint, range->vma);
	out_printf(out, "%llx-%llx ", (unsigned long long)range->start, (unsigned long long)range->end);
	if (!vma) {
		out_text(out, "pages; their mapping is not known");
		return;
	}
	out_printf(out, "%s %s", vma->prot, vma->kind ? vma->kind : "");
	file = checkpoint_file(checkpoint, vma->file);
	if (file) {
		out_char(out, ' ');
		escape_text(out, file->path);
	}
}

static void put_target(void *context, uint64_t address, struct out *out)
{
	put_mapping(context, address, out);
}

static const struct hex_source memory_source = { .line = line, .read = read_bytes, .target = put_target };

/* --- moving ----------------------------------------------------------------------------------------- */

static void next_run(struct state *state)
{
	struct span span = span_at(state, state->dump.cursor);

	for (bool left = span.state != SPAN_PRESENT; span_end(&span) <= state->dump.last;) {
		bool was_present = span.state == SPAN_PRESENT;

		span = span_at(state, span_end(&span));
		left |= span.state != SPAN_PRESENT || !was_present;
		if (left && span.state == SPAN_PRESENT) {
			hexdump_go(&state->dump, span.address);
			return;
		}
	}
	tui_say(state->view->tui, "no run of present bytes behind this one");
}

/* The start of the stretch of present bytes that ends before ADDRESS: by halves, as for a gap. */
static uint64_t run_start(const struct state *state, uint64_t address)
{
	size_t n = n_up_to(state, address);
	uint64_t low = n ? range_at(state, n - 1)->start : address, high = address;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		struct span span = address_space_span(&state->space, middle, address - middle + 1);

		if (span.state == SPAN_PRESENT && span.len > address - middle)
			high = middle;
		else
			low = middle + 1;
	}
	return high;
}

static void previous_run(struct state *state)
{
	uint64_t address = state->dump.cursor;
	struct span span = span_at(state, address);

	if (span.state == SPAN_PRESENT) {
		uint64_t start = run_start(state, address);

		if (start < address) {
			hexdump_go(&state->dump, start);
			return;
		}
	}
	while (address > state->dump.first) {
		span = span_at(state, --address);
		if (span.state == SPAN_PRESENT) {
			hexdump_go(&state->dump, run_start(state, address));
			return;
		}
		address = gap_start(state, address);
	}
	tui_say(state->view->tui, "no run of present bytes before this one");
}

static void move_mapping(struct state *state, bool back)
{
	size_t n = n_up_to(state, state->dump.cursor);

	if (back && n >= 2)
		hexdump_go(&state->dump, range_at(state, n - 2)->start);
	else if (!back && n < state->space.n)
		hexdump_go(&state->dump, range_at(state, n)->start);
}

static bool act(struct view *view, enum action action)
{
	struct state *state = view->state;

	switch (action) {
	case ACTION_NEXT_RUN:
		next_run(state);
		return true;
	case ACTION_PREVIOUS_RUN:
		previous_run(state);
		return true;
	case ACTION_NEXT_MAPPING:
	case ACTION_PREVIOUS_MAPPING:
		move_mapping(state, action == ACTION_PREVIOUS_MAPPING);
		return true;
	default:
		return hexdump_act(&state->dump, action);
	}
}

static struct error *go(struct view *view, uint64_t address)
{
	struct state *state = view->state;

	if (address < state->dump.first || address > state->dump.last)
		return error_new(ERROR_USAGE, "nothing is mapped at 0x%llx", (unsigned long long)address);
	hexdump_go(&state->dump, address);
	return NULL;
}

/* --- the screen ------------------------------------------------------------------------------------- */

static struct error *open_memory(struct view *view, const struct link *link)
{
	struct state *state = view->state;
	struct checkpoint *checkpoint = view->checkpoint;

	checkpoint_need(checkpoint, PART_PAGES);
	if (link->row >= checkpoint->processes.n)
		return error_new(ERROR_USAGE, "there is no such process");
	if (live_is(checkpoint))
		return error_new(ERROR_USAGE, "these are running processes: their memory is not read");
	state->view = view;
	arena_init(&state->arena);
	address_space_init(checkpoint, link->row, &state->arena, &state->space);
	if (!state->space.n) {
		arena_deinit(&state->arena);
		return error_new(ERROR_USAGE, "this process has no memory");
	}
	state->dump = (struct hexdump){
		.source = &memory_source, .context = state, .first = range_at(state, 0)->start,
		.last = range_at(state, state->space.n - 1)->end - 1,
		.big_endian = checkpoint->arch && !strcmp(checkpoint->arch, "s390x"),
	};
	hexdump_go(&state->dump, link->address == NO_OFFSET ? state->dump.first : link->address);
	return NULL;
}

static void close_memory(struct view *view)
{
	struct state *state = view->state;

	hexdump_deinit(&state->dump);
	arena_deinit(&state->arena);
}

static const struct process *owner(struct view *view)
{
	return &view->checkpoint->processes.items[view->link.row];
}

static void title(struct view *view, struct out *out)
{
	out_printf(out, "memory of %u", owner(view)->pid);
}

static void draw(struct view *view, const struct area *area)
{
	struct state *state = view->state;
	int above = area->rows > 4, below = hexdump_type_rows(&state->dump, area->rows);
	struct area body = area_rows(area, above, area->rows - above - below);
	struct out out;

	out_init(&out, -1);
	put_mapping(state, state->dump.cursor, &out);
	if (above)
		area_put(area, 0, 1, -1, LOOK_STRONG, out_held(&out));
	hexdump_draw(&state->dump, &body);
	if (below)
		hexdump_draw_types(&state->dump, area, area->rows - below);
	out_deinit(&out);
}

/* A pointer: the eight bytes (four on machines of 32 bits) at the cursor, where they are an address that is mapped. */
static bool follow(struct view *view, struct link *ret)
{
	struct state *state = view->state;
	const char *arch = view->checkpoint->arch;
	size_t size = arch && !strcmp(arch, "arm") ? 4 : 8;
	uint8_t bytes[8];
	uint64_t address = 0;

	if (read_bytes(state, state->dump.cursor, bytes, size) != size)
		return false;
	for (size_t i = 0; i < size; i++)
		address = address << 8 | bytes[state->dump.big_endian ? i : size - 1 - i];
	if (address_space_span(&state->space, address, 1).state == SPAN_UNMAPPED) {
		tui_say(view->tui, "0x%llx is no address of this process", (unsigned long long)address);
		return false;
	}
	*ret = LINK_TO(&screen_memory);
	ret->row = view->link.row;
	ret->address = address;
	return true;
}

static bool origin(struct view *view, struct origin *ret)
{
	struct state *state = view->state;
	const struct checkpoint *checkpoint = view->checkpoint;
	struct span span = address_space_span(&state->space, state->dump.cursor, 1);

	if (span.state != SPAN_PRESENT)
		return false;
	*ret = (struct origin){
		.member = source_index(checkpoint->layers.items[span.layer].source, span.pages),
		.layer = span.layer, .entry = NO_ENTRY, .offset = span.offset,
	};
	return true;
}

static void where(struct view *view, struct out *out)
{
	struct state *state = view->state;
	struct span span = address_space_span(&state->space, state->dump.cursor, 1);
	struct origin from;

	if (origin(view, &from))
		put_origin(view->checkpoint, &from, out);
	else
		out_text(out, gap_text(span.state));
}

static void status(struct view *view, struct out *out)
{
	struct state *state = view->state;

	out_hex(out, state->dump.cursor);
	if (state->dump.has_mark) {
		out_text(out, "  mark ");
		out_hex(out, state->dump.mark);
	}
}

static void command(struct view *view, struct out *out)
{
	struct state *state = view->state;

	out_printf(out, "mem -p %u --vma %llx", owner(view)->pid, (unsigned long long)state->dump.cursor);
	put_checkpoint(view, out);
}

static uint32_t process(struct view *view)
{
	return view->link.row;
}

static struct hexdump *dump(struct view *view)
{
	return &((struct state *)view->state)->dump;
}

const struct screen screen_memory = {
	.name = "memory",
	.help = "the memory of a process",
	.by_link = true,
	.keys = KEYS_MEMORY,
	.state_size = sizeof(struct state),
	.open = open_memory,
	.close = close_memory,
	.title = title,
	.draw = draw,
	.act = act,
	.dump = dump,
	.follow = follow,
	.origin = origin,
	.where = where,
	.status = status,
	.command = command,
	.process = process,
	.go = go,
};
