#include "inspect/progress.h"

#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#include "decoders/base/escape.h"
#include "decoders/base/progress.h"
#include "decoders/base/human.h"
#include "inspect/terminal.h"

enum {
	FIRST_AFTER = 1000, /* milliseconds */
	AGAIN_AFTER = 100,
};

static struct {
	uint64_t began, drawn; /* milliseconds of the monotonic clock */
	uint64_t since, last;  /* when what is counted now began, and how far it had come */
	size_t shown;          /* columns on the screen */
	size_t item, n_items;
} line;

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static void describe_left(uint64_t milliseconds, struct out *out)
{
	uint64_t seconds = milliseconds / 1000;

	out_printf(out, "  %llu:%02u left", (unsigned long long)(seconds / 60), (unsigned)(seconds % 60));
}

static void describe(uint64_t done, uint64_t total, uint64_t time, struct out *out)
{
	uint64_t elapsed = time - line.since + 1, rate = (uint64_t)((double)done * 1000 / (double)elapsed);

	if (line.n_items > 1)
		out_printf(out, "%zu of %zu  ", line.item + 1, line.n_items);
	print_size(done, out);
	if (total) {
		out_text(out, " of ");
		print_size(total, out);
		out_printf(out, "  %u%%", (unsigned)((double)done * 100 / (double)total));
	}
	out_text(out, "  ");
	print_size(rate, out);
	out_text(out, "/s");
	if (line.n_items > 1 && line.item)
		describe_left((time - line.began) / line.item * (line.n_items - line.item), out);
	else if (line.n_items <= 1 && total && rate && done <= total)
		describe_left((uint64_t)((double)(total - done) * 1000 / (double)rate), out);
}

/* Over the line that is there; blanks take away what is left of it. Not all terminals know more. */
static void draw(struct bytes text)
{
	size_t width = text_width(text);
	struct out out;

	out_init(&out, -1);
	out_char(&out, '\r');
	out_bytes(&out, text);
	if (line.shown > width) {
		out_repeat(&out, ' ', line.shown - width);
		out_repeat(&out, '\b', text.len ? line.shown - width : 0);
	}
	if (text.len == 0)
		out_char(&out, '\r');
	if (write(STDERR_FILENO, out.buffer, out.len) < 0)
		progress = NULL;
	out_deinit(&out);
	line.shown = width;
}

static void tick(uint64_t done, uint64_t total)
{
	uint64_t time = now();
	size_t width = terminal_width(STDERR_FILENO);
	struct out text, cut;

	if (done < line.last) /* another file, or another way through the same */
		line.since = time;
	line.last = done;
	if (time - line.began < FIRST_AFTER || time - line.drawn < AGAIN_AFTER)
		return;
	line.drawn = time;
	out_init(&text, -1);
	out_init(&cut, -1);
	describe(done, total, time, &text);
	text_cut(&cut, out_held(&text), width > 1 ? width - 1 : 1);
	draw(out_held(&cut));
	out_deinit(&text);
	out_deinit(&cut);
}

static void hide(void)
{
	if (line.shown)
		draw(NO_BYTES);
}

void progress_begin(void)
{
	static const struct progress on_terminal = { .tick = tick, .hide = hide };

	if (!isatty(STDERR_FILENO))
		return;
	line.began = line.since = now();
	progress = &on_terminal;
}

void progress_item(size_t done, size_t n)
{
	line.item = done;
	line.n_items = n;
}

void progress_end(void)
{
	progress_hide();
	progress = NULL;
}
