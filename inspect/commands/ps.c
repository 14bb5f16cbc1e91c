/* ps CHECKPOINT: the tree of processes; in JSON the same rows as list process. */
#include <stdlib.h>

#include "db/tables/render.h"
#include "db/tables/secret.h"
#include "decoders/base/escape.h"
#include "inspect/command.h"
#include "decoders/base/human.h"

enum { DEEPEST = 40 }; /* levels that are drawn; what is deeper stands at the last one */

/* The processes in the order of the tree. */
struct node {
	uint32_t row;
	uint32_t depth;
	bool last; /* of its siblings */
};

struct tree {
	const struct checkpoint *checkpoint;
	uint32_t *first_child, *next_sibling; /* by row; NO_ROW at the end */
	struct node *nodes;
	size_t n;
	bool *placed; /* by row: it stands among the nodes */
	const struct column *argv;
	bool reveal; /* secrets in it */
	struct arena line_arena;
};

static int by_pid_descending(const void *a, const void *b, void *context)
{
	const struct process *processes = context;
	uint32_t left = processes[*(const uint32_t *)a].pid, right = processes[*(const uint32_t *)b].pid;

	return (left < right) - (left > right);
}

/* Hangs every process below its parent; a parent that is not there or is itself counts as none. */
static void link_children(struct tree *tree, struct arena *arena, uint32_t *ret_first_root)
{
	const struct checkpoint *checkpoint = tree->checkpoint;
	size_t n = checkpoint->processes.n;
	uint32_t *order = arena_alloc(arena, (n + 1) * sizeof(*order));

	for (uint32_t i = 0; i < n; i++) {
		order[i] = i;
		tree->first_child[i] = NO_ROW;
	}
	qsort_r(order, n, sizeof(*order), by_pid_descending, checkpoint->processes.items);
	*ret_first_root = NO_ROW;
	for (size_t i = 0; i < n; i++) {
		uint32_t row = order[i];
		uint32_t parent = map_get(&checkpoint->process_by_pid,
					  checkpoint->processes.items[row].ppid);
		uint32_t *head = parent == MAP_NONE || parent == row ? ret_first_root
								     : &tree->first_child[parent];

		tree->next_sibling[row] = *head;
		*head = row;
	}
}

/* Appends the trees that begin at FIRST and its siblings, parents before children. */
static void append(struct tree *tree, struct arena *arena, uint32_t first)
{
	VEC(struct node) stack = { 0 };

	*vec_push(arena, &stack) = (struct node){ .row = first };
	while (stack.n) {
		struct node node = stack.items[--stack.n];
		uint32_t sibling;

		if (node.row == NO_ROW || tree->placed[node.row])
			continue;
		tree->placed[node.row] = true;
		sibling = tree->next_sibling[node.row];
		node.last = sibling == NO_ROW;
		tree->nodes[tree->n++] = node;
		*vec_push(arena, &stack) = (struct node){ .row = sibling, .depth = node.depth };
		*vec_push(arena, &stack) = (struct node){ .row = tree->first_child[node.row],
							  .depth = node.depth + 1 };
	}
}

static struct tree build_tree(const struct checkpoint *checkpoint, struct arena *arena)
{
	size_t n = checkpoint->processes.n + 1;
	struct tree tree = { .checkpoint = checkpoint };
	uint32_t first_root;

	tree.first_child = arena_alloc(arena, n * sizeof(uint32_t));
	tree.next_sibling = arena_alloc(arena, n * sizeof(uint32_t));
	tree.nodes = arena_alloc(arena, n * sizeof(struct node));
	tree.placed = arena_zalloc(arena, n);
	link_children(&tree, arena, &first_root);
	append(&tree, arena, first_root);
	/* Parents that go in a circle hang on no root: each circle is cut where it is met first. */
	for (uint32_t i = 0; i < checkpoint->processes.n; i++) {
		if (tree.placed[i])
			continue;
		tree.next_sibling[i] = NO_ROW;
		append(&tree, arena, i);
	}
	return tree;
}

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
static void draw_branch(const struct node *node, const bool *open, struct out *out)
{
	const struct art *art = tree_art(out);

	for (uint32_t level = 1; level < node->depth && level < DEEPEST; level++)
		out_text(out, open[level] ? art->line : art->space);
	if (node->depth)
		out_text(out, node->last ? art->last : art->branch);
}

/* Whether argv says the name already; the kernel keeps 15 bytes of it. */
static bool is_named_by_argv(const struct process *process)
{
	struct bytes rest = process->argv.bytes, first;

	return strings_next(&rest, &first) &&
	       bytes_equal(bytes_first(bytes_basename(first), 15), process->comm);
}

static void print_arguments(struct tree *tree, const struct process *process, struct out *out)
{
	struct value argv;

	table_cell(tree->checkpoint, tree->argv, process, &tree->line_arena, &argv);
	if (!tree->reveal)
		secret_mask(&tree->line_arena, &argv);
	render_value(&argv, out);
	arena_reset(&tree->line_arena);
}

/* argv, behind a name that is not argv's; no argv: "[name]" as ps has it, zombies "(name)". */
static void print_command(struct tree *tree, const struct process *process, struct out *out)
{
	bool zombie = process->state && !strcmp(process->state, "zombie");

	if (process->argv.bytes.len) {
		if (process->comm.data && !is_named_by_argv(process)) {
			escape_text(out, process->comm);
			out_text(out, ": ");
		}
		print_arguments(tree, process, out);
		return;
	}
	out_char(out, zombie ? '(' : '[');
	escape_text(out, process->comm);
	out_text(out, zombie ? ") <zombie>" : "]");
}

static void print_process(const struct process *process, struct out *out)
{
	out_printf(out, "%7u ", process->pid);
	if (process->has_credentials)
		out_printf(out, "%7u ", process->credentials.uid);
	else
		out_printf(out, "%7s ", "-");
	out_printf(out, "%-7s %4u %5u ", process->state ? process->state : "-", process->n_threads,
		   process->n_fds);
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

static void print_tree(struct tree *tree, struct out *out)
{
	const struct checkpoint *checkpoint = tree->checkpoint;
	bool open[DEEPEST + 1] = { false };
	struct out line;

	arena_init(&tree->line_arena);
	out_init(&line, -1);
	line.utf8 = out->utf8;
	print_heading(&line, out);
	for (size_t i = 0; i < tree->n; i++) {
		const struct node *node = &tree->nodes[i];
		const struct process *process = &checkpoint->processes.items[node->row];

		print_process(process, &line);
		draw_branch(node, open, &line);
		print_command(tree, process, &line);
		put_line(&line, out);
		out_char(out, '\n');
		if (node->depth <= DEEPEST)
			open[node->depth] = !node->last;
	}
	out_deinit(&line);
	arena_deinit(&tree->line_arena);
}

/* Whether rows are asked for, where a tree has no place. */
static bool is_listing(const struct options *options)
{
	return options->format != FORMAT_TEXT || options->columns || options->provenance ||
	       options->sort || options->n_pids;
}

struct error *command_ps(struct invocation *invocation)
{
	static const char *list[] = { "process", NULL };
	struct checkpoint checkpoint;
	struct error *error;
	struct tree tree;

	if (is_listing(&invocation->options)) {
		list[1] = invocation->arguments[0];
		invocation->arguments = list;
		return command_list(invocation);
	}
	error = open_checkpoint(invocation, invocation->arguments[0], &checkpoint);
	if (error)
		return error;
	checkpoint_need(&checkpoint, PART_TASKS | PART_FDS | PART_STRINGS);
	tree = build_tree(&checkpoint, &checkpoint.scratch);
	tree.argv = table_column(table_named("process"), "argv");
	tree.reveal = invocation->options.reveal;
	print_tree(&tree, &invocation->out);
	finish_checkpoint(invocation, &checkpoint);
	return NULL;
}
