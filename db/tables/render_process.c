/* What a process is called, in one line. */
#include "db/tables/render.h"
#include "db/tables/secret.h"
#include "decoders/base/escape.h"

/* Whether argv says the name already; the kernel keeps 15 bytes of it. */
static bool is_named_by_argv(const struct process *process)
{
	struct bytes rest = process->argv.bytes, first;

	return strings_next(&rest, &first) &&
	       bytes_equal(bytes_first(bytes_basename(first), 15), process->comm);
}

static void render_arguments(const struct checkpoint *checkpoint, const struct process *process, bool reveal,
			     struct arena *arena, struct out *out)
{
	struct value argv;

	table_cell(checkpoint, table_column(table_named("process"), "argv"), process, arena, &argv);
	if (!reveal)
		secret_mask(arena, &argv);
	render_value(&argv, out);
	arena_reset(arena);
}

void render_process(const struct checkpoint *checkpoint, const struct process *process, bool reveal,
		    struct arena *arena, struct out *out)
{
	bool zombie = process->state && !strcmp(process->state, "zombie");

	if (process->argv.bytes.len) {
		if (process->comm.data && !is_named_by_argv(process)) {
			escape_text(out, process->comm);
			out_text(out, ": ");
		}
		render_arguments(checkpoint, process, reveal, arena, out);
		return;
	}
	if (!process->comm.data && !process->state) {
		out_char(out, '-'); /* no core is there that has it */
		return;
	}
	out_char(out, zombie ? '(' : '[');
	escape_text(out, process->comm);
	out_text(out, zombie ? ") <zombie>" : "]");
}
