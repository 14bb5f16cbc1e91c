/* The display on a terminal, by ncurses: opening and closing, progress, and the loop of keys, work and pictures. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>

#include "decoders/base/human.h"
#include "decoders/base/progress.h"
#include "tui/clock.h"
#include "tui/terminal/internal.h"

enum {
	ESCAPE_DELAY = 25, /* milliseconds that the rest of a key's sequence may take */
	SLICE = 10000,	   /* microseconds of work between two looks at the keyboard */
	KEYS_A_FRAME = 64,
	FIRST_AFTER = 200000, /* microseconds before progress is shown */
};

/* --- opening ---------------------------------------------------------------------------------------- */

static struct error *no_terminal(void)
{
	const char *name = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return error_new(ERROR_USAGE, "standard input and output must be a terminal; --script FILE needs none");
	if (!name || !*name)
		return error_new(ERROR_USAGE, "TERM does not say what terminal this is");
	return NULL;
}

/* ncurses draws on one that cannot, too. */
static bool can_move_cursor(void)
{
	const char *text = tigetstr("cup");

	return text && text != (const char *)-1;
}

struct error *terminal_open(enum tui_theme theme, struct terminal **ret)
{
	struct terminal *terminal;
	struct error *error = no_terminal();

	if (error)
		return error;
	if (tcgetattr(STDIN_FILENO, &signals.before) < 0 || pipe(signals.wake) < 0)
		return error_errno(ERROR_USAGE, "cannot use the terminal");
	terminal = calloc(1, sizeof(*terminal));
	if (!terminal)
		out_of_memory();
	signals_listen(); /* ncurses takes those that nobody has */
	terminal->ncurses = newterm(NULL, stdout, stdin);
	if (!terminal->ncurses || !can_move_cursor()) {
		if (terminal->ncurses) {
			endwin();
			delscreen(terminal->ncurses);
		}
		free(terminal);
		return error_new(ERROR_USAGE, "TERM is \"%s\": terminfo knows no such terminal, or not how to move "
					      "its cursor", getenv("TERM"));
	}
	keyboard_prepare();
	signals_prepare_reset();
	signals.is_ours = 1;
	terminal->is_open = true;
	terminal->thread = pthread_self();
	set_escdelay(ESCAPE_DELAY);
	cbreak();
	noecho();
	nonl();
	nodelay(stdscr, TRUE);
	keypad(stdscr, TRUE);
	curs_set(0);
	paint_prepare(terminal, theme);
	*ret = terminal;
	return NULL;
}

/* The mouse as the user wants it. */
static void set_mouse(struct terminal *terminal, bool on)
{
	if (terminal->mouse != on)
		keyboard_listen_to_mouse(on);
	terminal->mouse = on;
}

void terminal_close(struct terminal *terminal)
{
	if (!terminal)
		return;
	progress = NULL;
	set_mouse(terminal, false);
	if (terminal->is_open)
		endwin();
	signals.is_ours = 0;
	delscreen(terminal->ncurses);
	close(signals.wake[0]);
	close(signals.wake[1]);
	free(terminal);
}

/* --- progress --------------------------------------------------------------------------------------- */

static struct terminal *progress_terminal;

/* Nobody listens yet, but an end is an end. */
static void end_if_told(void)
{
	int number = signals.ends;

	if (!number)
		return;
	signals_give_back();
	signal(number, SIG_DFL);
	raise(number);
}

static void tick(uint64_t done, uint64_t total)
{
	struct terminal *terminal = progress_terminal;
	uint64_t now = clock_now();
	struct out out;

	if (!pthread_equal(pthread_self(), terminal->thread))
		return; /* a search has a thread of its own, and ncurses is for one */
	end_if_told();
	if (now - terminal->began < FIRST_AFTER || now - terminal->drawn < FRAME)
		return;
	terminal->drawn = now;
	out_init(&out, -1);
	out_printf(&out, " %s: ", terminal->what);
	print_size(done, &out);
	if (total)
		out_printf(&out, " of %u%%", (unsigned)((double)done * 100 / (double)total));
	out_text(&out, "  (^C ends it)");
	out_char(&out, '\0');
	move(0, 0);
	clrtoeol();
	addnstr(out.buffer, COLS - 1);
	refresh();
	out_deinit(&out);
}

static void hide(void)
{
}

void terminal_progress(struct terminal *terminal, const char *what)
{
	static const struct progress on_screen = { .tick = tick, .hide = hide };

	terminal->what = what;
	terminal->began = clock_now();
	progress_terminal = terminal;
	progress = &on_screen;
}

/* --- the loop --------------------------------------------------------------------------------------- */

static void take_size(struct tui *tui)
{
	struct winsize size;

	signals.resized = 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_row || !size.ws_col)
		return;
	resizeterm(size.ws_row, size.ws_col);
	display_resize(&tui->display, size.ws_row, size.ws_col);
	tui->draw_anew = true;
}

/* The shell gets its terminal as it was, and we ours when we go on. */
static void stop(struct terminal *terminal)
{
	signals.stop = 0;
	set_mouse(terminal, false);
	endwin();
	signals.is_ours = 0;
	signals_listen_to_stop(false);
	raise(SIGTSTP);
	signals_listen_to_stop(true);
	signals.continued = 1;
}

static void go_on(struct tui *tui)
{
	signals.continued = 0;
	reset_prog_mode();
	signals.is_ours = 1;
	take_size(tui);
	tui->draw_anew = true;
}

/* What handlers have noted; true where the picture is an old one now. */
static bool heed_signals(struct terminal *terminal, struct tui *tui)
{
	char bytes[64];
	struct pollfd waiting = { .fd = signals.wake[0], .events = POLLIN };
	bool any = signals.stop || signals.continued || signals.resized;

	if (poll(&waiting, 1, 0) > 0 && read(signals.wake[0], bytes, sizeof(bytes)) < 0)
		return any;
	if (signals.stop)
		stop(terminal);
	if (signals.continued)
		go_on(tui);
	if (signals.resized)
		take_size(tui);
	return any;
}

/* Waits for a key or a signal; false where the terminal has gone. */
static bool wait_for_keys(bool busy)
{
	struct pollfd waiting[] = { { .fd = STDIN_FILENO, .events = POLLIN },
				    { .fd = signals.wake[0], .events = POLLIN } };
	int n = poll(waiting, 2, busy ? 0 : -1);

	if (n < 0)
		return errno == EINTR;
	return !(waiting[0].revents & (POLLHUP | POLLERR | POLLNVAL));
}

static bool press_keys(struct tui *tui)
{
	struct input input;
	int n = 0;

	while (n < KEYS_A_FRAME && !tui->quits && keyboard_next(&input)) {
		if (!input.is_mouse) {
			tui_press(tui, input.press);
		} else {
			if (n)
				tui_draw(tui); /* what it points at is elsewhere by now */
			tui_mouse(tui, input.row, input.column, input.mouse);
		}
		n++;
	}
	return n > 0;
}

static void copy(struct tui *tui)
{
	struct out out;

	if (!tui->copies)
		return;
	tui->copies = false;
	if (!clipboard_is_there()) {
		tui_say(tui, "this terminal has no clipboard");
		return;
	}
	out_init(&out, STDOUT_FILENO);
	clipboard_put(out_held(&tui->copied), &out);
	(void)out_flush(&out); /* where the terminal has gone the loop will see it */
	out_deinit(&out);
}

static void loop(struct terminal *terminal, struct tui *tui)
{
	bool stale = true, busy = true;
	uint64_t painted = 0;

	while (!tui->quits && !signals.ends) {
		set_mouse(terminal, tui->mouse);
		if (stale) {
			tui_draw(tui);
			paint(terminal, tui);
			painted = clock_now();
		}
		if (!wait_for_keys(busy))
			return;
		stale = heed_signals(terminal, tui);
		if (press_keys(tui)) {
			copy(tui);
			stale = busy = true;
		} else if (busy) {
			busy = tui_work(tui, clock_now() + SLICE);
			stale |= !busy || clock_now() - painted > FRAME;
		}
	}
}

struct error *terminal_run(struct terminal *terminal, struct checkpoint *checkpoint,
			   const struct tui_setup *setup, int *ret_signal)
{
	struct tui tui;
	struct error *error;

	error = tui_init(&tui, checkpoint, setup, LINES, COLS);
	if (error)
		return error;
	terminal_progress(terminal, "reading");
	loop(terminal, &tui);
	tui_deinit(&tui); /* ends a search, whose thread looks at this: */
	progress = NULL;
	*ret_signal = signals.ends;
	return NULL;
}
