/* What comes from outside while the terminal is ours: sizes, stopping, ends, crashes. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>

#include "tui/terminal/internal.h"

struct signals signals;
static struct sigaction crash_before[NSIG];

void signals_give_back(void)
{
	if (!signals.is_ours)
		return;
	signals.is_ours = 0;
	if (write(STDOUT_FILENO, signals.reset, signals.reset_len) < 0)
		return;
	(void)ioctl(STDIN_FILENO, TCSETS, &signals.before);
}

static void wake(void)
{
	int saved = errno;

	if (write(signals.wake[1], "", 1) < 0)
		errno = saved;
	errno = saved;
}

static void take_note(int number)
{
	if (number == SIGWINCH)
		signals.resized = 1;
	else if (number == SIGTSTP)
		signals.stop = 1;
	else
		signals.continued = 1;
	wake();
}

/* The second time nobody has listened to the first. */
static void take_end(int number)
{
	if (signals.ends) {
		signals_give_back();
		signal(number, SIG_DFL);
		raise(number);
	}
	signals.ends = number;
	wake();
}

static void take_crash(int number)
{
	signals_give_back();
	sigaction(number, &crash_before[number], NULL);
	raise(number); /* to whoever was there before, when this returns */
}

static void listen_to(int number, void (*handler)(int number), int flags, struct sigaction *before)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, before);
}

void signals_listen(void)
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
		listen_to(crashes[i], take_crash, SA_ONSTACK, &crash_before[crashes[i]]);
}

void signals_listen_to_stop(bool ours)
{
	listen_to(SIGTSTP, ours ? take_note : SIG_DFL, ours ? SA_RESTART : 0, NULL);
}

/* --- giving back ------------------------------------------------------------------------------------ */

/* A sequence of terminfo without its "$<5>", pauses that terminals of today do not need. */
static void keep_sequence(const char *text)
{
	while (*text && signals.reset_len < sizeof(signals.reset)) {
		const char *pause = !strncmp(text, "$<", 2) ? strchr(text, '>') : NULL;

		if (!pause)
			signals.reset[signals.reset_len++] = *text;
		text = pause ? pause + 1 : text + 1;
	}
}

void signals_prepare_reset(void)
{
	static const char *const names[] = { "sgr0", "op", "rmkx", "cnorm", "rmcup" };

	signals.reset_len = 0;
	if (signals.mouse)
		keep_sequence(MOUSE_OFF);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char name[8] = "";
		char *text;

		strncpy(name, names[i], sizeof(name) - 1);
		text = tigetstr(name);
		if (text && text != (char *)-1)
			keep_sequence(text);
	}
}
