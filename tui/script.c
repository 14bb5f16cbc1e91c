/*
 * Keys from a file, screens into files: every screen without a terminal.
 *
 *     # comment
 *     first paint.txt
 *     size 120x40
 *     keys j j Enter F4
 *     type nginx
 *     mouse 12 4
 *     mouse 12 4 wheel-down
 *     save first.txt
 *     looks first.looks
 *
 * "first" saves what is on the screen before any work is done for it: as the first line it costs no more than the first
 * picture on a terminal does. All other lines come after the work.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "tui/clock.h"
#include "tui/view.h"

struct player {
	struct tui *tui;
	struct out *out;
};

/* Drawing settles what is on the screen: how far it scrolled counts for the next key. */
static void settle(struct player *player)
{
	while (tui_work(player->tui, clock_now() + 100000))
		;
	tui_draw(player->tui);
}

static void press(struct player *player, uint32_t key)
{
	if (player->tui->quits)
		return;
	tui_press(player->tui, key);
	settle(player);
}

static struct error *play_keys(struct player *player, struct bytes words)
{
	while (words.len) {
		struct bytes word = bytes_first(words, bytes_find(words, ' '));
		uint32_t key;

		words = bytes_from(words, word.len + 1);
		if (!word.len)
			continue;
		if (!key_named(word, &key))
			return error_new(ERROR_USAGE, "there is no key \"%.*s\"", BYTES_FMT(word));
		press(player, key);
	}
	return NULL;
}

static struct error *play_type(struct player *player, struct bytes text)
{
	while (text.len) {
		uint32_t c;

		if (!utf8_next(&text, &c))
			return error_new(ERROR_USAGE, "what is typed must be UTF-8");
		press(player, c);
	}
	return NULL;
}

/* COLUMN ROW, as terminals count: from 1. */
static struct error *play_mouse(struct player *player, struct bytes text)
{
	static const char *const names[] = { [MOUSE_CLICK] = "", [MOUSE_WHEEL_UP] = "wheel-up",
					     [MOUSE_WHEEL_DOWN] = "wheel-down" };
	char words[64] = "", name[16] = "";
	int column, row;
	char end;

	memcpy(words, text.data, text.len < sizeof(words) - 1 ? text.len : sizeof(words) - 1);
	if (sscanf(words, "%4d %4d %15s %c", &column, &row, name, &end) < 2 || column < 1 || row < 1)
		return error_new(ERROR_USAGE, "mouse takes COLUMN ROW, and wheel-up or wheel-down");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i])) {
			tui_mouse(player->tui, row - 1, column - 1, (enum mouse)i);
			settle(player);
			return NULL;
		}
	return error_new(ERROR_USAGE, "the mouse knows wheel-up and wheel-down, not \"%s\"", name);
}

static struct error *play_size(struct player *player, struct bytes text)
{
	char words[32] = "";
	int rows, columns;
	char end;

	memcpy(words, text.data, text.len < sizeof(words) - 1 ? text.len : sizeof(words) - 1);
	if (sscanf(words, "%4dx%4d%c", &columns, &rows, &end) != 2 || rows < 1 || columns < 1)
		return error_new(ERROR_USAGE, "size takes COLUMNSxROWS, as 80x24");
	display_resize(&player->tui->display, rows, columns);
	tui_draw(player->tui);
	return NULL;
}

static struct error *save(struct player *player, struct bytes name,
			  void (*dump)(const struct display *display, struct out *out))
{
	const struct tui_setup *setup = player->tui->setup;
	struct error *error = NULL;
	struct out file;
	char text[256];
	int fd;

	if (player->tui->quits)
		return error_new(ERROR_USAGE, "a key before has quit");
	tui_draw(player->tui);
	if (!setup->make_file || !name.len) {
		out_text(player->out, "== ");
		escape_text(player->out, name);
		out_char(player->out, '\n');
		dump(&player->tui->display, player->out);
		return NULL;
	}
	snprintf(text, sizeof(text), "%.*s", BYTES_FMT(name));
	fd = setup->make_file(setup->context, text);
	if (fd < 0)
		return error_errno(ERROR_USAGE, "cannot make %s", text);
	out_init(&file, fd);
	dump(&player->tui->display, &file);
	if (!out_flush(&file)) {
		errno = file.error;
		error = error_errno(ERROR_USAGE, "cannot write %s", text);
	}
	close(fd);
	out_deinit(&file);
	return error;
}

static struct error *play_save(struct player *player, struct bytes name)
{
	return save(player, name, display_dump);
}

static struct error *play_looks(struct player *player, struct bytes name)
{
	return save(player, name, display_dump_looks);
}

static struct error *play_line(struct player *player, struct bytes line)
{
	static const struct {
		const char *word;
		struct error *(*play)(struct player *player, struct bytes rest);
		bool at_once; /* before the work */
	} words[] = {
		{ "keys", play_keys, false }, { "type", play_type, false },   { "size", play_size, false },
		{ "mouse", play_mouse, false },
		{ "save", play_save, false }, { "looks", play_looks, false }, { "first", play_save, true },
	};
	struct bytes word = bytes_first(line, bytes_find(line, ' '));

	if (!word.len || word.data[0] == '#')
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (bytes_equal(word, bytes_of(words[i].word))) {
			if (!words[i].at_once && !player->tui->quits)
				settle(player);
			return words[i].play(player, bytes_from(line, word.len + 1));
		}
	return error_new(ERROR_USAGE, "a script has keys, type, mouse, size, save, looks and first, not \"%.*s\"",
			 BYTES_FMT(word));
}

static struct error *play(struct player *player, struct bytes script)
{
	for (uint32_t number = 1; script.len; number++) {
		struct bytes line = bytes_first(script, bytes_find(script, '\n'));
		struct error *error = play_line(player, line);

		if (error) {
			struct error *placed = error_new(ERROR_USAGE, "line %u of the script: %s", number,
							 error->message);

			error_free(error);
			return placed;
		}
		script = bytes_from(script, line.len + 1);
	}
	return NULL;
}

struct error *tui_script(struct checkpoint *checkpoint, const struct tui_setup *setup, struct bytes script,
			 int rows, int columns, struct out *out)
{
	struct tui tui;
	struct player player = { &tui, out };
	struct error *error = tui_init(&tui, checkpoint, setup, rows, columns);

	if (error)
		return error;
	error = play(&player, script);
	tui_deinit(&tui);
	return error;
}
