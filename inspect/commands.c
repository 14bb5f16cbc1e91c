#include <string.h>

#include "decoders/base/size.h"
#include "inspect/command.h"

const struct command_row command_rows[] = {
#define GROUP(title) { title, NULL },
#define COMMAND(name) { NULL, &command_##name },
#include "inspect/commands.def"
#undef GROUP
#undef COMMAND
};
const size_t n_command_rows = ARRAY_SIZE(command_rows);

void command_files(const struct invocation *invocation, int *ret_first, int *ret_end)
{
	*ret_first = invocation->files == FILES_BEHIND_FIRST ? 1 : 0;
	*ret_end = invocation->files == FILES_NONE    ? 0
		   : invocation->files == FILES_FIRST ? 1
						      : invocation->n_arguments;
}

const struct command *command_named(const char *name)
{
	for (size_t i = 0; i < n_command_rows; i++)
		if (command_rows[i].command && !strcmp(command_rows[i].command->name, name))
			return command_rows[i].command;
	return NULL;
}
