#include "inspect/help.h"

#include <string.h>

#include "db/tables/table.h"
#include "inspect/options.h"

enum { WIDTH = 80 };

void help_tables(struct out *out)
{
	size_t column = 0;

	out_text(out, "\nTables, for list (a name alone is short for \"list NAME\"; \"coldcase tables\"\n"
		      "describes them):");
	for (size_t i = 0; i < n_tables; i++) {
		const char *plural = tables[i]->plural ? tables[i]->plural : "";
		size_t len = strlen(tables[i]->name) + (*plural ? strlen(plural) + 3 : 0) + 2;

		if (i == 0 || column + len > WIDTH - 2) {
			out_text(out, "\n ");
			column = 1;
		}
		out_printf(out, " %s", tables[i]->name);
		if (*plural)
			out_printf(out, " (%s)", plural);
		out_text(out, i + 1 < n_tables ? "," : "");
		column += len;
	}
	out_char(out, '\n');
}

static void print_commands(struct out *out)
{
	for (size_t i = 0; i < n_command_rows; i++) {
		const struct command_row *row = &command_rows[i];

		if (row->command)
			out_printf(out, "  %-8s %s\n", row->command->name, row->command->help);
		else
			out_printf(out, " %s\n", row->title);
	}
}

void help_overview(struct out *out)
{
	out_text(out, "coldcase opens frozen containers: CRIU checkpoints and the archives around them.\n\n"
		      "usage: coldcase COMMAND [OPTIONS] CHECKPOINT...\n\n"
		      "A CHECKPOINT is a directory of CRIU images, or an archive that podman, CRI-O or\n"
		      "containerd wrote (tar, plain or compressed). Nothing is unpacked.\n\n"
		      "Commands:\n");
	print_commands(out);
	help_tables(out);
	out_text(out, "\n\"coldcase COMMAND --help\" tells more; \"coldcase --version\" which one this is.\n");
}

void help_command(const struct command *command, struct out *out)
{
	out_printf(out, "usage: coldcase %s [OPTIONS]%s%s\n\n%s\n\n", command->name,
		   command->arguments ? " " : "", command->arguments ? command->arguments : "", command->help);
	if (command->about)
		out_printf(out, "%s\n", command->about);
	out_text(out, "Options:\n");
	options_help(command, out);
	if (command->print_more)
		command->print_more(out);
}

void help_fold(struct out *out, const char *text, size_t column)
{
	size_t room = WIDTH - column;

	while (strlen(text) > room) {
		size_t len = room;

		while (len > 0 && text[len] != ' ')
			len--;
		if (!len)
			break;
		out_printf(out, "%.*s\n%*s", (int)len, text, (int)column, "");
		text += len + 1;
	}
	out_printf(out, "%s\n", text);
}
