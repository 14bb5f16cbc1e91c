/*
 * mem CHECKPOINT [ADDR[:LEN|-END]...]: memory of a process, byte by byte. What is not there is named, and never
 * looks like zeroes.
 */
#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/escape.h"
#include "decoders/base/human.h"
#include "decoders/base/size.h"
#include "inspect/hex_lines.h"
#include "inspect/memory.h"
#include "inspect/options.h"
#include "inspect/ranges.h"

enum { STEP = 64 << 10 };

struct dump {
	struct invocation *invocation;
	struct address_space space;
	uint32_t pid;
	struct out *out;
	struct row_writer rows; /* where the format is not text */
	uint8_t buffer[STEP];
};

/* The mapping that --vma names. */
static struct error *find_vma(const struct dump *dump, const char *name, struct address_range *ret)
{
	const char *rest = name;
	uint64_t address = 0;
	bool by_kind = !strcmp(name, "heap") || !strcmp(name, "stack");

	if (!by_kind && (!take_address(&rest, &address) || *rest))
		return error_new(ERROR_USAGE, "--vma takes heap, stack or an address, not \"%s\"", name);
	for (size_t i = 0; i < dump->space.n; i++) {
		const struct mapped_range *range = &dump->space.ranges[i];
		const struct vma *vma = span_vma(dump->space.checkpoint, range->vma);

		if (by_kind ? !vma || strcmp(vma->kind, name) != 0
			    : address < range->start || address >= range->end)
			continue;
		*ret = (struct address_range){ range->start, range->end };
		return NULL;
	}
	return by_kind ? error_new(ERROR_UNREADABLE, "process %u has no %s", dump->pid, name)
		       : error_new(ERROR_UNREADABLE, "process %u has nothing mapped at 0x%llx", dump->pid,
				   (unsigned long long)address);
}

/* --- what a span is ----------------------------------------------------------------------------------- */

/* What is mapped there, where the file does not name it. */
static void print_source(const struct dump *dump, const struct span *span, struct out *out)
{
	const struct file *file = checkpoint_file(dump->space.checkpoint, span->file);

	if (span->state == SPAN_PRESENT) {
		out_text(out, "  ");
		print_memory_place(span->layer, span->pages, span->offset, out);
	} else if (span->state == SPAN_FILE && file) {
		out_text(out, "  ");
		escape_text(out, file->path);
		out_char(out, '+');
		out_hex(out, span->file_offset);
	}
}

static void print_span(const struct dump *dump, const struct span *span, struct out *out)
{
	const struct vma *vma = span_vma(dump->space.checkpoint, span->vma);

	out_style(out, span->state == SPAN_MISSING ? STYLE_ALARM : STYLE_DIM);
	out_printf(out, "%012llx-%012llx ", (unsigned long long)span->address,
		   (unsigned long long)span_end(span));
	print_size_column(span->len, 7, out);
	out_printf(out, "  %-8s  %-8s %-4s", span_state_name(span->state), vma ? vma->kind : "-",
		   vma ? vma->prot : "-");
	print_source(dump, span, out);
	out_style(out, STYLE_PLAIN);
	out_char(out, '\n');
}

static const char *const columns[] = {
	"pid", "addr", "len", "state", "vma_start", "kind", "prot", MEMORY_PLACE_COLUMNS, "path",
	"path_offset", "hex",
};

static void put_span(struct dump *dump, const struct span *span, struct bytes hex)
{
	const struct vma *vma = span_vma(dump->space.checkpoint, span->vma);
	const struct file *file = checkpoint_file(dump->space.checkpoint, span->file);
	struct value values[ARRAY_SIZE(columns)] = {
		value_number(VALUE_UINT, dump->pid), value_number(VALUE_HEX, span->address),
		value_number(VALUE_UINT, span->len), value_word(span_state_name(span->state)),
	};

	if (vma) {
		values[4] = value_number(VALUE_HEX, vma->start);
		values[5] = value_word(vma->kind);
		values[6] = value_word(vma->prot);
	}
	memory_place_values(span->layer, span->pages, span->offset, values + 7);
	if (span->state == SPAN_FILE) {
		values[10] = value_text(file ? file->path : NO_BYTES);
		values[11] = value_number(VALUE_UINT, span->file_offset);
	}
	values[12] = value_text(hex);
	rows_put(&dump->rows, values);
}

/* --- bytes ------------------------------------------------------------------------------------------------ */

/* The next bytes of a span, at OFFSET; up to the next multiple of STEP. 0: they cannot be read. */
static size_t next_bytes(struct dump *dump, const struct span *span, uint64_t offset)
{
	uint64_t left = span->len - offset, room = STEP - (span->address + offset) % STEP;
	size_t len = (size_t)(left < room ? left : room);
	struct error *error = span_read(&dump->space, span, offset, dump->buffer, len);

	problems_add(&dump->invocation->problems, error);
	return error ? 0 : len;
}

static void print_bytes(struct dump *dump, const struct span *span)
{
	struct hex_lines lines = { .has_before = false };
	size_t len;

	for (uint64_t offset = 0; offset < span->len; offset += len) {
		len = next_bytes(dump, span, offset);
		if (len == 0)
			return;
		hex_lines_put(&lines, span->address + offset, dump->buffer, len, dump->out);
	}
	hex_lines_end(&lines, span_end(span), dump->out);
}

/* Rows of at most STEP bytes. */
static void put_bytes(struct dump *dump, const struct span *span)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t *hex = malloc(2 * STEP);
	size_t len;

	if (!hex)
		out_of_memory();
	for (uint64_t offset = 0; offset < span->len; offset += len) {
		struct span part = *span;

		len = next_bytes(dump, span, offset);
		if (len == 0)
			break;
		for (size_t i = 0; i < len; i++) {
			hex[2 * i] = (uint8_t)digits[dump->buffer[i] >> 4];
			hex[2 * i + 1] = (uint8_t)digits[dump->buffer[i] & 15];
		}
		part.address += offset;
		part.offset += offset;
		part.len = len;
		put_span(dump, &part, (struct bytes){ hex, 2 * len });
	}
	free(hex);
}

static void put_raw(struct dump *dump, const struct span *span)
{
	size_t len;

	for (uint64_t offset = 0; offset < span->len; offset += len) {
		if (span->state == SPAN_PRESENT) {
			len = next_bytes(dump, span, offset);
		} else {
			len = span->len - offset < STEP ? (size_t)(span->len - offset) : STEP;
			memset(dump->buffer, 0, len);
		}
		if (len == 0)
			return;
		out_write(dump->out, dump->buffer, len);
	}
}

/* --- ranges ---------------------------------------------------------------------------------------------------- */

static void show(struct dump *dump, const struct span *span, bool with_bytes)
{
	const struct options *options = &dump->invocation->options;
	bool is_there = with_bytes && span->state == SPAN_PRESENT;

	if (options->memory.raw) {
		put_raw(dump, span);
	} else if (options->format != FORMAT_TEXT) {
		if (is_there)
			put_bytes(dump, span);
		else
			put_span(dump, span, NO_BYTES);
	} else {
		print_span(dump, span, dump->out);
		if (is_there)
			print_bytes(dump, span);
	}
}

/* Bytes that should be there are missing: the rest is shown, and this is told. */
static void tell_missing(const struct dump *dump, const struct span *span)
{
	problems_add(&dump->invocation->problems,
		     error_in_source(error_new(ERROR_DAMAGED, "0x%llx-0x%llx of process %u: not in the "
							      "checkpoint, nor in a parent that is here",
					       (unsigned long long)span->address,
					       (unsigned long long)span_end(span), dump->pid),
				     dump->invocation->arguments[0]));
}

static void show_wanted(struct dump *dump, const struct address_range *wanted)
{
	bool any = false;

	for (uint64_t at = wanted->start; at < wanted->end;) {
		struct span span = address_space_span(&dump->space, at, wanted->end - at);

		show(dump, &span, true);
		any |= span.state != SPAN_UNMAPPED;
		if (span.state == SPAN_MISSING)
			tell_missing(dump, &span);
		at += span.len;
	}
	if (!any && !dump->invocation->options.memory.raw)
		problems_add(&dump->invocation->problems,
			     error_new(ERROR_UNREADABLE, "process %u has nothing mapped at 0x%llx-0x%llx",
				       dump->pid, (unsigned long long)wanted->start,
				       (unsigned long long)wanted->end));
}

/* All that is mapped, without bytes. */
static void show_overview(struct dump *dump)
{
	for (size_t i = 0; i < dump->space.n; i++) {
		const struct mapped_range *range = &dump->space.ranges[i];

		for (uint64_t at = range->start; at < range->end;) {
			struct span span = address_space_span(&dump->space, at, range->end - at);

			show(dump, &span, false);
			at += span.len;
		}
	}
}

/* --raw: nothing is written unless all of it is there, or --fill is given. */
static struct error *check_raw(const struct dump *dump, const struct address_range *wanted)
{
	bool fill = dump->invocation->options.memory.fill;
	struct problems *problems = &dump->invocation->problems;

	for (uint64_t at = wanted->start; at < wanted->end;) {
		struct span span = address_space_span(&dump->space, at, wanted->end - at);

		if (span.state != SPAN_PRESENT && span.state != SPAN_ZERO) {
			struct error *error = error_new(
				fill ? ERROR_DAMAGED : ERROR_UNREADABLE,
				"0x%llx-0x%llx of process %u: the bytes are not in the checkpoint (%s)%s",
				(unsigned long long)at, (unsigned long long)span_end(&span), dump->pid,
				span_state_name(span.state),
				fill ? "; zeroes are in their place" : "; --fill puts zeroes there");

			if (!fill)
				return error;
			if (span.state == SPAN_MISSING)
				problems_add(problems, error);
			else
				invocation_note(dump->invocation, error);
		}
		at += span.len;
	}
	return NULL;
}

/* --- the command --------------------------------------------------------------------------------------------------- */

static struct error *choose_process(const struct options *options,
				    const struct checkpoint *checkpoint, uint32_t *ret)
{
	size_t n = 0;

	if (options->n_pids == 1) {
		*ret = process_row(checkpoint, options->pids[0]);
		return NULL;
	}
	for (uint32_t i = 0; i < checkpoint->processes.n; i++)
		if ((checkpoint->processes.items[i].has_mm || checkpoint->pagemaps[i]->is_there) && n++ == 0)
			*ret = i;
	if (n == 0)
		return error_new(ERROR_UNREADABLE, "no process in it has memory");
	return n == 1 && options->n_pids == 0
		       ? NULL
		       : error_new(ERROR_USAGE, "memory of which process? -p PID, one of them (\"coldcase ps\" "
						"lists them)");
}

static struct error *show_all(struct dump *dump, const struct address_range *wanted, size_t n)
{
	const struct options *options = &dump->invocation->options;

	for (size_t i = 0; options->memory.raw && i < n; i++) {
		struct error *error = check_raw(dump, &wanted[i]);

		if (error)
			return error;
	}
	if (options->format != FORMAT_TEXT)
		rows_begin(&dump->rows, row_form_of(options->format), columns,
			   n ? ARRAY_SIZE(columns) : ARRAY_SIZE(columns) - 1, dump->out);
	for (size_t i = 0; i < n; i++)
		show_wanted(dump, &wanted[i]);
	if (n == 0)
		show_overview(dump);
	if (options->format != FORMAT_TEXT)
		rows_end(&dump->rows);
	return NULL;
}

static struct error *run(struct dump *dump, struct checkpoint *checkpoint)
{
	const struct invocation *invocation = dump->invocation;
	const struct memory_options *options = &invocation->options.memory;
	struct address_range *wanted = arena_alloc(&checkpoint->arena, ((size_t)invocation->n_arguments + 1) *
									sizeof(*wanted));
	uint32_t process = NO_ROW;
	size_t n = 0;
	struct error *error = choose_process(&invocation->options, checkpoint, &process);

	if (error)
		return error;
	dump->pid = checkpoint->processes.items[process].pid;
	address_space_init(checkpoint, process, &checkpoint->arena, &dump->space);
	if (options->vma)
		error = find_vma(dump, options->vma, &wanted[n++]);
	for (int i = 1; !error && i < invocation->n_arguments; i++)
		error = parse_range(invocation->arguments[i], &wanted[n++]);
	if (!error && options->raw && n == 0)
		error = error_new(ERROR_USAGE, "--raw needs an address, or --vma");
	return error ? error : show_all(dump, wanted, n);
}

static struct error *run_mem(struct invocation *invocation)
{
	const struct options *options = &invocation->options;
	struct checkpoint checkpoint;
	struct dump *dump;
	struct error *error;

	if (options->memory.raw && options->format != FORMAT_TEXT)
		return error_new(ERROR_USAGE, "--raw has no --format");
	if (options->memory.fill && !options->memory.raw)
		return error_new(ERROR_USAGE, "--fill goes with --raw");
	if (options->memory.raw && !options->output && isatty(STDOUT_FILENO))
		return error_new(ERROR_USAGE, "raw bytes are nothing for a terminal: -o FILE, or > FILE");
	error = open_memory(invocation, &checkpoint);
	if (error)
		return error;
	dump = arena_zalloc(&checkpoint.arena, sizeof(*dump));
	dump->invocation = invocation;
	dump->out = &invocation->out;
	error = run(dump, &checkpoint);
	finish_checkpoint(invocation, &checkpoint);
	return error;
}

/* --- the command line ----------------------------------------------------------------------------------- */

static const struct option mem_options[] = {
	{ 0, "vma", "heap|stack|ADDR", "the mapping of that kind, or that ADDR is in", KEEPS(memory.vma) },
	{ 0, "raw", NULL, "the bytes themselves", SETS(memory.raw) },
	{ 0, "fill", NULL, "with --raw: zeroes for bytes that are not there", SETS(memory.fill) },
	{ 0 },
};

const struct command command_mem = {
	.name = "mem",
	.arguments = "CHECKPOINT [ADDR[:LEN|-END]...]",
	.help = "memory of a process: the bytes, or what is where",
	.about = "ADDR is hexadecimal, END too; LEN is a number of bytes, as 256, 0x100, 4K. Bytes\n"
		 "come with where they are stored: image and offset, here or in an ancestor. What\n"
		 "the checkpoint does not hold is named instead: zero (never written), file (as\n"
		 "the file had it), lazy, missing, guard, kernel, unmapped. Without ADDR: what is\n"
		 "where.\n",
	.formats = FORMATS_OF_ROWS,
	.options = { mem_options, pid_options, parent_options, output_options, spool_options },
	.files = FILES_FIRST,
	.reads_memory = true,
	.least_arguments = 1,
	.most_arguments = MANY_ARGUMENTS,
	.needs_images = true,
	.run = run_mem,
};
