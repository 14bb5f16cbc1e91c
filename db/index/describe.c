#include "db/index/describe.h"

#include "db/index/own_tables.h"
#include "db/index/views.h"

void index_describe_text(struct out *out)
{
	out_text(out, "\nand of the index itself:\n");
	for (size_t i = 0; i < n_own_tables; i++)
		out_printf(out, "%-16s %s\n", own_tables[i].name, own_tables[i].help);
	for (size_t i = 0; i < n_index_views; i++)
		out_printf(out, "%-16s %s\n", index_views[i].name, index_views[i].title);
}

static const char introduction[] =
	"\n"
	"## An index\n"
	"\n"
	"`coldcase index -d FILE` writes these tables for many checkpoints into one SQLite file. Each has a column\n"
	"`checkpoint` in front, which is `indexed.id`, and the columns that `SELECT *` leaves out elsewhere. Addresses are\n"
	"two's complement there too: `printf('0x%x', start)`. Beside them it has tables of its own:\n"
	"\n";

void index_describe_markdown(struct out *out)
{
	out_text(out, introduction);
	out_text(out, "| table | column | what it is |\n| --- | --- | --- |\n");
	for (size_t i = 0; i < n_own_tables; i++) {
		out_printf(out, "| `%s` | | %s |\n", own_tables[i].name, own_tables[i].help);
		for (size_t k = 0; own_tables[i].columns[k].name; k++)
			out_printf(out, "| | `%s` | %s |\n", own_tables[i].columns[k].name,
				   own_tables[i].columns[k].help);
	}
	out_text(out, "\nand views:\n\n| view | a row is |\n| --- | --- |\n");
	for (size_t i = 0; i < n_index_views; i++)
		out_printf(out, "| `%s` | %s |\n", index_views[i].name, index_views[i].title);
}
