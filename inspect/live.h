/*
 * Running processes in place of a checkpoint: /proc/PID, or the directory of a control group.
 *
 * What names them is opened before the sandbox is entered, as the sockets that list other namespaces' sockets can be
 * opened only then; open_checkpoint finds it here.
 */
#pragma once

#include "inspect/command.h"

struct live_input {
	const char *path;
	struct checkpoint *checkpoint; /* NULL: open_checkpoint has taken it */
};

struct live_inputs {
	struct live_input *items;
	size_t n;
	const char **arguments; /* those of the invocation, with what --pid and --cgroup name */
};

bool live_is_named(const char *path);

/* Opens those among the arguments of COMMAND. An error too where it needs images. */
struct error *live_prepare(const struct command *command, struct invocation *invocation)
	__attribute__((warn_unused_result));
void live_release(struct invocation *invocation);

/* Gives the one of PATH away; false where there is none. */
bool live_take(const struct invocation *invocation, const char *path, struct checkpoint *ret);
