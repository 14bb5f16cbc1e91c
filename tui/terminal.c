/*
 * The display on a terminal, by ncurses.
 *
 * Whatever happens the terminal is given back as it was: at the end, when the process is stopped or killed, when it
 * crashes. After the sandbox is entered ncurses needs no file and no system call but reading, writing, waiting and
 * setting the terminal's modes.
 */
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>

#include "decoders/base/human.h"
#include "decoders/base/progress.h"
#include "tui/clock.h"
#include "tui/view.h"

enum {
	ESCAPE_DELAY = 25, /* milliseconds that the rest of a key's sequence may take */
	SLICE = 10000,	   /* microseconds of work between two looks at the keyboard */
	FRAME = 50000,	   /* microseconds between two pictures of work that goes on */
	KEYS_A_FRAME = 64,
	FIRST_AFTER = 200000, /* microseconds before progress is shown */
};

struct terminal {
	SCREEN *screen;
	bool mono, is_open;
	pthread_t thread;
	const char *what; /* of progress */
	uint64_t began, drawn;
};

/* --- signals ---------------------------------------------------------------------------------------- */

/* What handlers touch. */
static struct {
	int wake[2];		      /* a pipe: a handler writes, the loop waits for it */
	volatile sig_atomic_t resized, stop, continued, ends;
	struct termios before;	      /* the terminal's modes as they were */
	char reset[256];	      /* what makes it an ordinary screen again */
	size_t reset_len;
	struct sigaction crash_before[NSIG];
	volatile sig_atomic_t is_ours; /* the terminal is in our modes */
} shared;

/* May be called from a handler. */
static void give_back(void)
{
	if (!shared.is_ours)
		return;
	shared.is_ours = 0;
	if (write(STDOUT_FILENO, shared.reset, shared.reset_len) < 0)
		return;
	(void)ioctl(STDIN_FILENO, TCSETS, &shared.before);
}

static void wake(void)
{
	int saved = errno;

	if (write(shared.wake[1], "", 1) < 0)
		errno = saved;
	errno = saved;
}

static void take_note(int number)
{
	if (number == SIGWINCH)
		shared.resized = 1;
	else if (number == SIGTSTP)
		shared.stop = 1;
	else
		shared.continued = 1;
	wake();
}

/* The second time nobody has listened to the first. */
static void take_end(int number)
{
	if (shared.ends) {
		give_back();
		signal(number, SIG_DFL);
		raise(number);
	}
	shared.ends = number;
	wake();
}

static void take_crash(int number)
{
	give_back();
	sigaction(number, &shared.crash_before[number], NULL);
	raise(number); /* to whoever was there before, when this returns */
}

static void listen_to(int number, void (*handler)(int number), int flags, struct sigaction *before)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, before);
}

static void listen_to_signals(void)
{
	static const int notes[] = { SIGWINCH, SIGTSTP, SIGCONT }, ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };
	static char stack[64 << 10];
	const stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };

	for (size_t i = 0; i < sizeof(notes) / sizeof(*notes); i++)
		listen_to(notes[i], take_note, SA_RESTART, NULL);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		listen_to(ends[i], take_end, SA_RESTART, NULL);
	if (sigaltstack(&alternate, NULL) < 0)
		return;
	for (size_t i = 0; i < sizeof(crashes) / sizeof(*crashes); i++)
		listen_to(crashes[i], take_crash, SA_ONSTACK, &shared.crash_before[crashes[i]]);
}

/* --- opening ---------------------------------------------------------------------------------------- */

/* A sequence of terminfo without its "$<5>", pauses that terminals of today do not need. */
static void keep_sequence(const char *text)
{
	while (*text && shared.reset_len < sizeof(shared.reset)) {
		const char *pause = !strncmp(text, "$<", 2) ? strchr(text, '>') : NULL;

		if (!pause)
			shared.reset[shared.reset_len++] = *text;
		text = pause ? pause + 1 : text + 1;
	}
}

/* Has the sequences ready, so that a handler need not ask ncurses. */
static void prepare_reset(void)
{
	static const char *const names[] = { "sgr0", "op", "rmkx", "cnorm", "rmcup" };

	shared.reset_len = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char name[8] = "";
		char *text;

		strncpy(name, names[i], sizeof(name) - 1);
		text = tigetstr(name);
		if (text && text != (char *)-1)
			keep_sequence(text);
	}
}

struct paint {
	short foreground, background; /* -1: the terminal's own */
	attr_t attributes, mono;
};

static const struct paint dark[N_LOOKS] = {
	[LOOK_PLAIN] = { -1, -1, A_NORMAL, A_NORMAL },
	[LOOK_STRONG] = { -1, -1, A_BOLD, A_BOLD },
	[LOOK_DIM] = { -1, -1, A_DIM, A_DIM },
	[LOOK_HEADING] = { COLOR_CYAN, -1, A_BOLD | A_UNDERLINE, A_BOLD | A_UNDERLINE },
	[LOOK_BAR] = { -1, -1, A_REVERSE, A_REVERSE },
	[LOOK_KEY] = { COLOR_CYAN, -1, A_BOLD, A_BOLD },
	[LOOK_SELECTED] = { COLOR_BLACK, COLOR_CYAN, A_NORMAL, A_REVERSE },
	[LOOK_LINK] = { COLOR_CYAN, -1, A_NORMAL, A_UNDERLINE },
	[LOOK_GOOD] = { COLOR_GREEN, -1, A_NORMAL, A_NORMAL },
	[LOOK_WARNING] = { COLOR_YELLOW, -1, A_BOLD, A_BOLD },
	[LOOK_ALARM] = { COLOR_RED, -1, A_BOLD, A_BOLD | A_UNDERLINE },
	[LOOK_MATCH] = { COLOR_BLACK, COLOR_YELLOW, A_NORMAL, A_REVERSE | A_BOLD },
};

/* On white some of these cannot be read. */
static struct paint paint_of(enum look look, bool light)
{
	struct paint paint = dark[look];

	if (!light)
		return paint;
	if (paint.foreground == COLOR_CYAN)
		paint.foreground = COLOR_BLUE;
	if (paint.foreground == COLOR_YELLOW)
		paint.foreground = COLOR_MAGENTA;
	return paint;
}

static void set_colors(struct terminal *terminal, enum tui_theme theme)
{
	terminal->mono = theme == THEME_MONO || !has_colors();
	if (terminal->mono)
		return;
	start_color();
	use_default_colors();
	for (int look = 0; look < N_LOOKS; look++) {
		struct paint paint = paint_of((enum look)look, theme == THEME_LIGHT);

		init_pair((short)(look + 1), paint.foreground, paint.background);
	}
}

static struct error *no_terminal(void)
{
	const char *name = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return error_new(ERROR_USAGE, "standard input and output must be a terminal; --script FILE needs none");
	if (!name || !*name)
		return error_new(ERROR_USAGE, "TERM does not say what terminal this is");
	return NULL;
}

struct error *terminal_open(enum tui_theme theme, struct terminal **ret)
{
	struct terminal *terminal;
	struct error *error = no_terminal();

	if (error)
		return error;
	if (tcgetattr(STDIN_FILENO, &shared.before) < 0 || pipe(shared.wake) < 0)
		return error_errno(ERROR_USAGE, "cannot use the terminal");
	terminal = calloc(1, sizeof(*terminal));
	if (!terminal)
		out_of_memory();
	listen_to_signals(); /* ncurses takes those that nobody has */
	terminal->screen = newterm(NULL, stdout, stdin);
	if (!terminal->screen) {
		free(terminal);
		return error_new(ERROR_USAGE, "TERM is \"%s\": terminfo knows no such terminal, or not how to move "
					      "its cursor", getenv("TERM"));
	}
	prepare_reset();
	shared.is_ours = 1;
	terminal->is_open = true;
	terminal->thread = pthread_self();
	set_escdelay(ESCAPE_DELAY);
	cbreak();
	noecho();
	nonl();
	nodelay(stdscr, TRUE);
	keypad(stdscr, TRUE);
	curs_set(0);
	set_colors(terminal, theme);
	*ret = terminal;
	return NULL;
}

void terminal_close(struct terminal *terminal)
{
	if (!terminal)
		return;
	progress = NULL;
	if (terminal->is_open)
		endwin();
	shared.is_ours = 0;
	delscreen(terminal->screen);
	close(shared.wake[0]);
	close(shared.wake[1]);
	free(terminal);
}

/* --- painting --------------------------------------------------------------------------------------- */

/* A cell as ncurses has it. What its library takes for another width than we do would shift the line. */
static void paint_cell(const struct terminal *terminal, const struct cell *cell, int row, int column, int width)
{
	struct paint paint = dark[cell->look];
	wchar_t text[CELL_CHARACTERS + 1] = L"";
	attr_t attributes = terminal->mono ? paint.mono : paint.attributes;
	short pair = terminal->mono ? 0 : (short)(cell->look + 1);
	cchar_t complex;

	for (int i = 0; i < cell->n; i++)
		text[i] = (wchar_t)cell->characters[i];
	if (wcwidth(text[0]) != width)
		text[0] = L'?', text[1] = L'\0';
	for (int i = 1; text[i]; i++)
		if (wcwidth(text[i]) != 0)
			text[i] = L'\0';
	if (setcchar(&complex, text, attributes, pair, NULL) == OK)
		mvadd_wch(row, column, &complex);
	if (width == 2 && text[0] == L'?')
		mvaddch(row, column + 1, ' ');
}

static void paint(const struct terminal *terminal, struct tui *tui)
{
	const struct display *display = &tui->display;

	erase();
	for (int row = 0; row < display->rows; row++)
		for (int column = 0; column < display->columns; column++) {
			const struct cell *cell = display_cell(display, row, column);
			bool wide = column + 1 < display->columns && !cell[1].characters[0];

			if (cell->characters[0])
				paint_cell(terminal, cell, row, column, wide ? 2 : 1);
		}
	if (tui->draw_anew)
		clearok(curscr, TRUE);
	tui->draw_anew = false;
	curs_set(display->cursor_row >= 0);
	if (display->cursor_row >= 0)
		move(display->cursor_row, display->cursor_column);
	refresh();
}

/* --- progress --------------------------------------------------------------------------------------- */

static struct terminal *progress_terminal;

/* Nobody listens yet, but an end is an end. */
static void end_if_told(void)
{
	int number = shared.ends;

	if (!number)
		return;
	give_back();
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

/* --- keys ------------------------------------------------------------------------------------------- */

static uint32_t key_of(wint_t code)
{
	static const struct {
		wint_t code;
		uint32_t press;
	} named[] = {
		{ KEY_UP, PRESS_UP },	     { KEY_DOWN, PRESS_DOWN },	 { KEY_LEFT, PRESS_LEFT },
		{ KEY_RIGHT, PRESS_RIGHT },  { KEY_PPAGE, PRESS_PAGE_UP }, { KEY_NPAGE, PRESS_PAGE_DOWN },
		{ KEY_HOME, PRESS_HOME },    { KEY_END, PRESS_END },	 { KEY_ENTER, PRESS_ENTER },
		{ KEY_BACKSPACE, PRESS_BACKSPACE }, { KEY_DC, PRESS_DELETE }, { KEY_BTAB, PRESS_BACK_TAB },
	};

	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++)
		if (named[i].code == code)
			return named[i].press;
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return PRESS_F1 + (code - KEY_F(1));
	return PRESS_NONE;
}

static uint32_t character_of(wint_t code)
{
	switch (code) {
	case '\r':
	case '\n':
		return PRESS_ENTER;
	case '\t':
		return PRESS_TAB;
	case 0x7f:
	case '\b':
		return PRESS_BACKSPACE;
	default:
		return (uint32_t)code;
	}
}

/* The next key that has been pressed; false where none has. */
static bool next_key(uint32_t *ret)
{
	wint_t code;
	int kind = get_wch(&code);

	if (kind == ERR)
		return false;
	*ret = kind == KEY_CODE_YES ? key_of(code) : character_of(code);
	return true;
}

/* --- the loop --------------------------------------------------------------------------------------- */

static void take_size(struct tui *tui)
{
	struct winsize size;

	shared.resized = 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_row || !size.ws_col)
		return;
	resizeterm(size.ws_row, size.ws_col);
	display_resize(&tui->display, size.ws_row, size.ws_col);
	tui->draw_anew = true;
}

/* The shell gets its terminal as it was, and we ours when we go on. */
static void stop(struct tui *tui)
{
	shared.stop = 0;
	endwin();
	shared.is_ours = 0;
	listen_to(SIGTSTP, SIG_DFL, 0, NULL);
	raise(SIGTSTP);
	listen_to(SIGTSTP, take_note, SA_RESTART, NULL);
	shared.continued = 1;
	(void)tui;
}

static void go_on(struct tui *tui)
{
	shared.continued = 0;
	reset_prog_mode();
	shared.is_ours = 1;
	take_size(tui);
	tui->draw_anew = true;
}

/* What handlers have noted; true where the picture is an old one now. */
static bool heed_signals(struct tui *tui)
{
	char bytes[64];
	struct pollfd waiting = { .fd = shared.wake[0], .events = POLLIN };
	bool any = shared.stop || shared.continued || shared.resized;

	if (poll(&waiting, 1, 0) > 0 && read(shared.wake[0], bytes, sizeof(bytes)) < 0)
		return any;
	if (shared.stop)
		stop(tui);
	if (shared.continued)
		go_on(tui);
	if (shared.resized)
		take_size(tui);
	return any;
}

/* Waits for a key or a signal; false where the terminal has gone. */
static bool wait_for_keys(bool busy)
{
	struct pollfd waiting[] = { { .fd = STDIN_FILENO, .events = POLLIN },
				    { .fd = shared.wake[0], .events = POLLIN } };
	int n = poll(waiting, 2, busy ? 0 : -1);

	if (n < 0)
		return errno == EINTR;
	return !(waiting[0].revents & (POLLHUP | POLLERR | POLLNVAL));
}

static bool press_keys(struct tui *tui)
{
	uint32_t key;
	int n = 0;

	while (n < KEYS_A_FRAME && !tui->quits && next_key(&key)) {
		tui_press(tui, key);
		n++;
	}
	return n > 0;
}

static void loop(struct terminal *terminal, struct tui *tui)
{
	bool stale = true, busy = true;
	uint64_t painted = 0;

	while (!tui->quits && !shared.ends) {
		if (stale) {
			tui_draw(tui);
			paint(terminal, tui);
			painted = clock_now();
		}
		if (!wait_for_keys(busy))
			return;
		stale = heed_signals(tui);
		if (press_keys(tui)) {
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
	progress = NULL;
	tui_deinit(&tui);
	*ret_signal = shared.ends;
	return NULL;
}
