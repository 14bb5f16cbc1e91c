/* Words of a command line for a shell, and which of them name what a view is about. */
#include "decoders/base/escape.h"
#include "decoders/model/layers.h"
#include "tui/view.h"

/* TEXT with QUOTE in place of each single quote. */
static void put_inside(struct bytes text, const char *quote, struct out *out)
{
	while (text.len) {
		struct bytes part = bytes_first(text, bytes_find(text, '\''));

		out_bytes(out, part);
		out_text(out, part.len < text.len ? quote : "");
		text = bytes_from(text, part.len + 1);
	}
}

static size_t count_backslashes(struct bytes text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += text.data[i] == '\\';
	return n;
}

void put_quoted(const char *text, struct out *out)
{
	struct bytes plain = bytes_of(text);
	struct out escaped;
	bool is_safe;

	out_init(&escaped, -1);
	escape_text(&escaped, plain);
	is_safe = escaped.len == plain.len + count_backslashes(plain);
	out_text(out, is_safe ? "'" : "$'");
	if (is_safe)
		put_inside(plain, "'\\''", out);
	else
		put_inside(out_held(&escaped), "\\'", out);
	out_char(out, '\'');
	out_deinit(&escaped);
}

void put_path(const char *path, struct out *out)
{
	out_char(out, ' ');
	if (strspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:=+,@%") == strlen(path))
		out_text(out, path);
	else
		put_quoted(path, out);
}

void put_operand(const char *text, struct out *out)
{
	out_text(out, text[0] == '-' ? " --" : "");
	put_path(text, out);
}

static void put_inside_option(const struct checkpoint *checkpoint, struct out *out)
{
	if (!checkpoint->inside || !*checkpoint->inside)
		return;
	out_text(out, " --inside");
	put_path(checkpoint->inside, out);
}

void put_checkpoint(const struct view *view, struct out *out)
{
	const struct checkpoint *checkpoint = view->checkpoint;

	if (!checkpoint) {
		put_path(view->tui->index.path, out);
		return;
	}
	for (size_t i = 0; i < checkpoint->given_parents.n; i++) {
		out_text(out, " --parent");
		put_path(source_outermost(checkpoint->given_parents.items[i].source)->path, out);
	}
	put_inside_option(checkpoint, out);
	put_path(source_outermost(&checkpoint->source)->path, out);
}

void put_member(const struct view *view, uint32_t layer, uint32_t member, struct out *out)
{
	const struct source *source = layer ? view->checkpoint->layers.items[layer].source : &view->checkpoint->source;
	struct arena arena;

	arena_init(&arena);
	if (!layer)
		put_inside_option(view->checkpoint, out);
	put_path(source_outermost(source)->path, out);
	put_operand(arena_text(&arena, source->members.items[member].name), out);
	arena_deinit(&arena);
}

void put_compared(const struct view *view, struct out *out)
{
	const struct checkpoint *before = view->tui->setup->before;

	if (!before) {
		put_checkpoint(view, out);
		return;
	}
	put_inside_option(view->checkpoint, out);
	put_path(source_outermost(&before->source)->path, out);
	put_path(source_outermost(&view->checkpoint->source)->path, out);
}

void put_reveal(const struct view *view, struct out *out)
{
	out_text(out, view->tui->reveal ? " --reveal" : "");
}
