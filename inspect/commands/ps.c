/* ps CHECKPOINT: the tree of processes; in JSON the same rows as list process. */
#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "decoders/model/tree.h"
#include "inspect/options.h"
#include "decoders/base/human.h"

struct printing {
	const struct checkpoint *checkpoint;
	struct tree tree;
	bool reveal; /* secrets in it */
	struct arena line_arena;
};

struct art {
	const char *branch, *last, *line, *space;
};

static const struct art *tree_art(const struct out *out)
{
	static const struct art utf8 = { "├─ ", "└─ ", "│  ", "   " };
	static const struct art ascii = { "|- ", "`- ", "|  ", "   " };

	return out->utf8 ? &utf8 : &ascii;
}

/* Lines of ancestors that have siblings still to come, then the branch itself. */
static void draw_branch(const struct tree_node *node, const bool *open, struct out *out)
{
	const struct art *art = tree_art(out);

	for (uint32_t level = 1; level < node->depth && level < TREE_DEEPEST; level++)
		out_text(out, open[level] ? art->line : art->space);
	if (node->depth)
		out_text(out, node->last ? art->last : art->branch);
}

static void print_number(uint32_t number, bool is_known, int width, struct out *out)
{
	if (is_known)
		out_printf(out, "%*u ", width, number);
	else
		out_printf(out, "%*s ", width, "-");
}

static void print_process(const struct checkpoint *checkpoint, const struct process *process,
			  struct out *out)
{
	out_printf(out, "%7u ", process->pid);
	print_number(process->credentials.uid, process->has_credentials, 7, out);
	out_printf(out, "%-7s ", process->state ? process->state : "-");
	print_number(process->n_threads, !process->is_unlisted, 4, out);
	print_number(process->n_fds, !checkpoint->is_predump, 5, out);
	print_size_column(process->bytes_present, 8, out);
	out_text(out, "  ");
}

/* The line in LINE, cut where it is wider than the terminal. */
static void put_line(struct out *line, struct out *out)
{
	text_cut(out, out_held(line), out->width);
	out_clear(line);
}

static void print_heading(struct out *line, struct out *out)
{
	out_printf(line, "%7s %7s %-7s %4s %5s %8s  %s", "PID", "UID", "STATE", "THR", "FDS",
		   "MEMORY", "COMMAND");
	out_style(out, STYLE_BOLD);
	put_line(line, out);
	out_style(out, STYLE_PLAIN);
	out_char(out, '\n');
}

static void print_tree(struct printing *printing, struct out *out)
{
	const struct checkpoint *checkpoint = printing->checkpoint;
	bool open[TREE_DEEPEST + 1] = { false };
	struct out line;

	arena_init(&printing->line_arena);
	out_init(&line, -1);
	line.utf8 = out->utf8;
	print_heading(&line, out);
	for (size_t i = 0; i < printing->tree.n; i++) {
		const struct tree_node *node = &printing->tree.nodes[i];
		const struct process *process = &checkpoint->processes.items[node->row];

		print_process(checkpoint, process, &line);
		draw_branch(node, open, &line);
		render_process(checkpoint, process, printing->reveal, &printing->line_arena, &line);
		put_line(&line, out);
		out_char(out, '\n');
		if (node->depth <= TREE_DEEPEST)
			open[node->depth] = !node->last;
	}
	out_deinit(&line);
	arena_deinit(&printing->line_arena);
}

/* Whether rows are asked for, where a tree has no place. */
static bool is_listing(const struct options *options)
{
	return options->format != FORMAT_TEXT || options->columns || options->provenance ||
	       options->sort || options->where || options->n_pids;
}

static struct error *run_ps(struct invocation *invocation)
{
	static const char *list[] = { "process", NULL };
	struct checkpoint checkpoint;
	struct error *error;
	struct printing printing = { .checkpoint = &checkpoint };

	if (is_listing(&invocation->options)) {
		list[1] = invocation->arguments[0];
		invocation->arguments = list;
		return command_list.run(invocation);
	}
	error = open_checkpoint(invocation, invocation->arguments[0], &checkpoint);
	if (error)
		return error;
	checkpoint_need(&checkpoint, PART_TASKS | PART_FDS | PART_STRINGS);
	printing.tree = tree_build(&checkpoint, &checkpoint.scratch);
	printing.reveal = invocation->options.reveal;
	print_tree(&printing, &invocation->out);
	finish_checkpoint(invocation, &checkpoint);
	return NULL;
}

const struct command command_ps = {
	.name = "ps",
	.arguments = "CHECKPOINT",
	.help = "the tree of processes",
	.formats = FORMATS_OF_ROWS,
	.options = { rows_options, parent_options, output_options },
	.least_arguments = 1,
	.most_arguments = 1,
	.run = run_ps,
};
