#include "inspect/live.h"

#include <stdio.h>
#include <stdlib.h>

#include "decoders/live/live.h"

bool live_is_named(const char *path)
{
	struct live_options options;

	return live_recognise(path, &options);
}

static struct error *open_one(const struct command *command, struct live_inputs *lives, const char *path)
{
	struct live_input *input = &lives->items[lives->n];
	struct live_options options;
	struct error *error;

	if (!live_recognise(path, &options))
		return NULL;
	if (command->needs_images)
		return error_in_source(error_new(ERROR_USAGE, "these are running processes, and %s looks into images",
						 command->name), path);
	input->checkpoint = calloc(1, sizeof(*input->checkpoint));
	if (!input->checkpoint)
		out_of_memory();
	input->path = path;
	error = live_open(path, &options, input->checkpoint);
	if (error) {
		free(input->checkpoint);
		return error;
	}
	lives->n++;
	return NULL;
}

/* What the options of check name stands behind the other arguments. */
static void add_named(struct invocation *invocation, struct live_inputs *lives)
{
	const struct judge_options *options = &invocation->options.judge;
	size_t n = (size_t)invocation->n_arguments;

	lives->arguments = calloc(n + 2 + 1, sizeof(*lives->arguments));
	lives->items = calloc(n + 2, sizeof(*lives->items));
	if (!lives->arguments || !lives->items)
		out_of_memory();
	for (size_t i = 0; i < n; i++)
		lives->arguments[i] = invocation->arguments[i];
	if (options->live_pid[0])
		lives->arguments[n++] = options->live_pid;
	if (options->live_cgroup)
		lives->arguments[n++] = options->live_cgroup;
	invocation->arguments = lives->arguments;
	invocation->n_arguments = (int)n;
}

/* Whatever else --cgroup names must not be judged as the checkpoints that are in there. */
static struct error *refuse_other(const char *cgroup)
{
	struct live_options options;

	if (!cgroup || (live_recognise(cgroup, &options) && options.cgroup))
		return NULL;
	return error_in_source(error_new(ERROR_UNREADABLE, "no control group (v2)"), cgroup);
}

struct error *live_prepare(const struct command *command, struct invocation *invocation)
{
	struct live_inputs *lives = calloc(1, sizeof(*lives));
	struct error *error;
	int first, end;

	if (!lives)
		out_of_memory();
	invocation->lives = lives;
	add_named(invocation, lives);
	error = refuse_other(invocation->options.judge.live_cgroup);
	command_files(invocation, &first, &end);
	for (int i = first; !error && i < end; i++)
		error = open_one(command, lives, invocation->arguments[i]);
	return error;
}

void live_release(struct invocation *invocation)
{
	struct live_inputs *lives = invocation->lives;

	if (!lives)
		return;
	for (size_t i = 0; i < lives->n; i++) {
		if (lives->items[i].checkpoint)
			checkpoint_close(lives->items[i].checkpoint);
		free(lives->items[i].checkpoint);
	}
	free(lives->items);
	free(lives->arguments);
	free(lives);
	invocation->lives = NULL;
}

bool live_take(const struct invocation *invocation, const char *path, struct checkpoint *ret)
{
	for (size_t i = 0; invocation->lives && i < invocation->lives->n; i++) {
		struct live_input *input = &invocation->lives->items[i];

		if (!input->checkpoint || strcmp(input->path, path) != 0)
			continue;
		*ret = *input->checkpoint;
		free(input->checkpoint);
		input->checkpoint = NULL;
		return true;
	}
	return false;
}
