/* tui CHECKPOINT: looking at it on a whole screen; with --script, what its screens look like. */
#include "tui/tui.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/index/index.h"
#include "inspect/known.h"
#include "inspect/opened.h"
#include "inspect/options.h"
#include "inspect/export/directory.h"

enum { MOST_SCRIPT = 8 << 20, USUAL_ROWS = 24, USUAL_COLUMNS = 80 };

/* --- before the sandbox ----------------------------------------------------------------------------- */

static struct error *read_script(const char *path, struct out *script)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char buffer[64 << 10];
	ssize_t n = 0;

	if (fd < 0)
		return error_in_source(error_errno(ERROR_USAGE, "cannot read the script"), path);
	while (script->len < MOST_SCRIPT && (n = read(fd, buffer, sizeof(buffer))) > 0)
		out_write(script, buffer, (size_t)n);
	close(fd);
	if (n < 0)
		return error_in_source(error_errno(ERROR_USAGE, "cannot read the script"), path);
	if (script->len >= MOST_SCRIPT)
		return error_in_source(error_new(ERROR_USAGE, "a script of more than %d bytes", MOST_SCRIPT), path);
	return NULL;
}

/* A colour that nobody wants is no colour, whatever the theme. */
static enum tui_theme theme_of(const struct options *options)
{
	const char *no_color = getenv("NO_COLOR"), *theme = options->screen.theme;

	if (options->color == WHEN_NEVER)
		return THEME_MONO;
	if (!theme)
		return options->color == WHEN_AUTO && no_color && *no_color ? THEME_MONO : THEME_DARK;
	return !strcmp(theme, "light") ? THEME_LIGHT : !strcmp(theme, "mono") ? THEME_MONO : THEME_DARK;
}

/* As paths of an index are: absolute, and without links. */
static struct error *find_originals(const char *path, char **ret)
{
	struct stat st;

	*ret = realpath(path, NULL);
	if (*ret && stat(*ret, &st) == 0 && S_ISDIR(st.st_mode))
		return NULL;
	return error_in_source(*ret ? error_new(ERROR_USAGE, "is no directory") : error_errno(ERROR_USAGE, "cannot be read"),
			       path);
}

static struct error *prepare(struct invocation *invocation)
{
	const struct options *options = &invocation->options;
	struct error *error = NULL;

	out_init(&invocation->script, -1);
	invocation->known = malloc(sizeof(*invocation->known));
	if (!invocation->known)
		out_of_memory();
	known_init(invocation->known);
	error = known_read_ignore(invocation->known, options->judge.ignore);
	if (!error && options->screen.originals && !index_recognise(invocation->arguments[0]))
		error = error_new(ERROR_USAGE, "--originals goes with an INDEX");
	if (!error && options->screen.originals)
		error = find_originals(options->screen.originals, &invocation->originals);
	if (error)
		return error;
	if (options->screen.script)
		error = read_script(options->screen.script, &invocation->script);
	else
		error = terminal_open(theme_of(options), &invocation->terminal);
	return error;
}

static void release(struct invocation *invocation)
{
	if (invocation->terminal)
		terminal_close(invocation->terminal);
	invocation->terminal = NULL;
	if (invocation->known)
		known_deinit(invocation->known);
	free(invocation->known);
	free(invocation->originals);
	out_deinit(&invocation->script);
}

/* --- the command -------------------------------------------------------------------------------------- */

/* What is looked at: the checkpoint, and what it is compared with. */
struct looking {
	struct invocation *invocation;
	struct opened before, after;
	size_t n_originals; /* of an index, that are open */
};

static int make_file(void *context, const char *name)
{
	const struct looking *looking = context;

	return directory_make_file(looking->invocation->directory, name);
}

static struct error *open_parent(void *context, struct checkpoint *checkpoint, struct checkpoint **ret)
{
	struct looking *looking = context;
	struct error *error;

	checkpoint_need(checkpoint, PART_PAGES);
	error = opened_parent(looking->invocation, &looking->after, &looking->before);
	if (!error)
		*ret = &looking->before.checkpoint;
	return error;
}

static struct error *open_original(void *context, const char *path, const char *inside, struct checkpoint **ret)
{
	struct looking *looking = context;
	const struct opening opening = { .inside = inside, .spool = looking->invocation->spool };
	struct checkpoint *checkpoint = malloc(sizeof(*checkpoint));
	struct error *error;

	if (!checkpoint)
		out_of_memory();
	error = checkpoint_open_as(path, &opening, checkpoint);
	if (error) {
		free(checkpoint);
		return error;
	}
	looking->n_originals++;
	*ret = checkpoint;
	return NULL;
}

static void close_original(void *context, struct checkpoint *checkpoint)
{
	struct looking *looking = context;

	finish_checkpoint(looking->invocation, checkpoint);
	free(checkpoint);
	if (!--looking->n_originals)
		spool_empty(looking->invocation->spool);
}

static struct error *play(struct invocation *invocation, struct checkpoint *checkpoint,
			  const struct tui_setup *setup)
{
	const struct screen_options *screen = &invocation->options.screen;

	return tui_script(checkpoint, setup, out_held(&invocation->script),
			  screen->rows ? (int)screen->rows : USUAL_ROWS,
			  screen->columns ? (int)screen->columns : USUAL_COLUMNS, &invocation->out);
}

static struct error *look(struct invocation *invocation, struct checkpoint *checkpoint,
			  const struct tui_setup *setup)
{
	int number = 0;
	struct error *error = terminal_run(invocation->terminal, checkpoint, setup, &number);

	if (number)
		invocation->status = 128 + number;
	return error;
}

/* On the terminal, or as a script says. */
static struct error *show(struct invocation *invocation, struct checkpoint *checkpoint, const struct tui_setup *setup)
{
	return invocation->options.screen.script ? play(invocation, checkpoint, setup)
						 : look(invocation, checkpoint, setup);
}

/* One by itself; or two, of which the first may be the parent of the second. */
static struct error *open_sides(struct invocation *invocation, struct looking *looking)
{
	const char *const *paths = invocation->arguments;
	struct error *error;

	looking->after.name = paths[0];
	if (invocation->n_arguments == 1) {
		error = open_checkpoint(invocation, paths[0], &looking->after.checkpoint);
		looking->after.is_open = !error;
		return error;
	}
	error = opened_one(invocation, paths[0], &looking->before);
	return error ? error : opened_next(invocation, paths, 1, &looking->before, &looking->after);
}

static struct error *run_tui(struct invocation *invocation)
{
	const struct options *options = &invocation->options;
	struct looking looking = { .invocation = invocation };
	struct tui_setup setup = {
		.reveal = options->reveal,
		.no_mouse = options->screen.no_mouse,
		.ascii = options->screen.ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
		.open_parent = open_parent,
		.ignored = &invocation->known->ignored,
		.originals = invocation->originals,
		.open_original = open_original,
		.close_original = close_original,
		.context = &looking,
	};
	struct error *error = NULL;

	if (invocation->directory >= 0)
		setup.make_file = make_file;
	if (invocation->terminal)
		terminal_progress(invocation->terminal, "opening");
	if (invocation->n_arguments == 1 && index_recognise(invocation->arguments[0]))
		setup.index = invocation->arguments[0];
	else
		error = open_sides(invocation, &looking);
	if (looking.before.is_open)
		setup.before = &looking.before.checkpoint;
	if (!error)
		error = show(invocation, looking.after.is_open ? &looking.after.checkpoint : NULL, &setup);
	opened_close(invocation, &looking.before);
	opened_close(invocation, &looking.after);
	return error;
}

/* --- the command line ----------------------------------------------------------------------------------- */

static struct error *set_size(struct options *options, const char *value)
{
	char end;

	if (sscanf(value, "%3ux%3u%c", &options->screen.columns, &options->screen.rows, &end) != 2 ||
	    !options->screen.columns || !options->screen.rows)
		return error_new(ERROR_USAGE, "--size takes COLUMNSxROWS, not \"%s\"", value);
	return NULL;
}

static struct error *set_theme(struct options *options, const char *value)
{
	if (strcmp(value, "dark") != 0 && strcmp(value, "light") != 0 && strcmp(value, "mono") != 0)
		return error_new(ERROR_USAGE, "--theme is dark, light or mono, not \"%s\"", value);
	options->screen.theme = value;
	return NULL;
}

static const struct option tui_options[] = {
	{ 0, "script", "FILE", "play keys from FILE and save screens; no terminal", KEEPS(screen.script) },
	{ 0, "size", "WIDTHxHEIGHT", "of the script's screen (80x24)", .set = set_size },
	{ 0, "theme", "THEME", "dark, light, or mono, which has no colours", .set = set_theme },
	{ 0, "ascii", NULL, "lines and signs of ASCII alone", SETS(screen.ascii) },
	{ 0, "no-mouse", NULL, "leave the mouse to the terminal, which selects text", SETS(screen.no_mouse) },
	{ 0, "ignore", "FILE", "known findings (./.coldcaseignore where there is one)", KEEPS(judge.ignore) },
	{ 0, "originals", "DIR", "where checkpoints of an INDEX are: those may be opened", KEEPS(screen.originals) },
	{ 'o', "output", "DIR", "where files that are written go: a new directory", KEEPS(directory) },
	{ 0 },
};

const struct command command_tui = {
	.name = "tui",
	.arguments = "[BEFORE] CHECKPOINT | INDEX",
	.help = "looking at it on a whole screen, or at what changed in it",
	.about = "? shows the keys. Enter opens what is selected, Esc goes back, Q quits; the line\n"
		 "below says where a row was read from, c which command prints it. With BEFORE it\n"
		 "begins with what changed between the two; d does the same with a parent. Of an\n"
		 "INDEX it shows the checkpoints that are in it, their tables and rows; O opens\n"
		 "one itself, beneath the DIR of --originals. Nothing is written but what w and b\n"
		 "write, into the DIR of -o.\n"
		 "\n"
		 "A script has lines \"size 120x40\", \"keys j j Enter F4 ^D\", \"type TEXT\", \"mouse\n"
		 "COLUMN ROW [wheel-up|wheel-down]\" from 1 on, \"save [FILE]\": the screen as text,\n"
		 "to FILE in the DIR of -o or to standard output; \"first [FILE]\": the same before\n"
		 "anything is worked on; \"looks [FILE]\": a letter for the look of each cell; and\n"
		 "# comments.\n",
	.options = { tui_options, reveal_options, parent_options, spool_options },
	.reads_memory = true,
	.prepare = prepare,
	.release = release,
	.least_arguments = 1,
	.most_arguments = 2,
	.run = run_tui,
};
