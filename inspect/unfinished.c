#include "inspect/unfinished.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "decoders/base/size.h"

static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
static struct unfinished *volatile unfinished;
static sigset_t usual; /* what is blocked without us */

static void on_end(int number)
{
	for (const struct unfinished *file = unfinished; file; file = file->others)
		unlinkat(file->directory, file->name, 0);
	signal(number, SIG_DFL);
	raise(number);
}

void unfinished_hold(void)
{
	sigset_t all;

	sigemptyset(&all);
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		sigaddset(&all, ends[i]);
	sigprocmask(SIG_BLOCK, &all, &usual);
}

void unfinished_let(void)
{
	sigprocmask(SIG_SETMASK, &usual, NULL);
}

/* What is ignored, as under nohup, stays so. */
void unfinished_begin(struct unfinished *file, int directory, const char *name)
{
	*file = (struct unfinished){ directory, name, unfinished };
	unfinished = file;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (signal(ends[i], on_end) == SIG_IGN)
			signal(ends[i], SIG_IGN);
}

void unfinished_end(struct unfinished *file)
{
	if (unfinished == file) {
		unfinished = file->others;
		return;
	}
	for (struct unfinished *before = unfinished; before; before = before->others)
		if (before->others == file)
			before->others = file->others;
}
