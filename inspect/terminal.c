#include "inspect/terminal.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { USUAL_WIDTH = 80, WIDEST = 10000 };

/* NO_COLOR that is not empty, and a dumb terminal, mean no colours unless they are asked for. */
static bool wants_color(enum when when, int fd)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (when != WHEN_AUTO)
		return when == WHEN_ALWAYS;
	return isatty(fd) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

/* The number that COLUMNS is, or 0. */
static size_t columns_wanted(void)
{
	const char *text = getenv("COLUMNS");
	unsigned long columns;
	char *end;

	if (!text || *text < '0' || *text > '9')
		return 0;
	errno = 0;
	columns = strtoul(text, &end, 10);
	return *end || errno || columns > WIDEST ? 0 : columns;
}

size_t terminal_width(int fd)
{
	size_t wanted = columns_wanted();
	struct winsize size;

	if (wanted)
		return wanted;
	return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : USUAL_WIDTH;
}

void terminal_look(const struct options *options, struct out *out)
{
	out->color = wants_color(options->color, out->fd);
	out->utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	out->width = !options->wide && isatty(out->fd) ? terminal_width(out->fd) : 0;
}
