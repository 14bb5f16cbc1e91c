/* strings CHECKPOINT: texts in memory, with their addresses. */
#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "decoders/base/window.h"
#include "decoders/model/scan.h"
#include "inspect/memory.h"
#include "inspect/options.h"

enum {
	USUAL_SHORTEST = 4,
	LONGEST = 64 << 10, /* characters; a longer one comes in pieces */
};

/* A string on its way: it may have begun in an earlier block. */
struct reading {
	struct invocation *invocation;
	struct checkpoint *checkpoint;
	struct row_writer rows;
	struct scan_block block;
	size_t shortest, unit; /* bytes of a character */
	bool high_first;       /* of two bytes */
	uint64_t address, offset;
	uint32_t vma, layer;
	const struct member *pages;
	size_t n;
	uint8_t text[LONGEST];
};

static const char *const columns[] = {
	"pid", "addr", "vma_start", "prot", "kind", MEMORY_PLACE_COLUMNS, "len", "text",
};

static void put_string(struct reading *reading)
{
	const struct checkpoint *checkpoint = reading->checkpoint;
	const struct vma *vma = span_vma(checkpoint, reading->vma);
	uint32_t pid = checkpoint->processes.items[reading->block.process].pid;
	struct bytes text = { reading->text, reading->n };
	struct value values[ARRAY_SIZE(columns)] = {
		value_number(VALUE_UINT, pid), value_number(VALUE_HEX, reading->address),
	};

	if (vma) {
		values[2] = value_number(VALUE_HEX, vma->start);
		values[3] = value_word(vma->prot);
		values[4] = value_word(vma->kind);
	}
	memory_place_values(reading->layer, reading->pages, reading->offset, values + 5);
	values[8] = value_number(VALUE_UINT, reading->n * reading->unit);
	values[9] = value_text(text);
	rows_put(&reading->rows, values);
}

static void print_string(const struct reading *reading, struct out *out)
{
	const struct checkpoint *checkpoint = reading->checkpoint;

	out_printf(out, "%7u %016llx ", checkpoint->processes.items[reading->block.process].pid,
		   (unsigned long long)reading->address);
	escape_text(out, (struct bytes){ reading->text, reading->n });
	out_char(out, '\n');
}

/* The string that was read ends here. */
static void end_string(struct reading *reading)
{
	if (reading->n >= reading->shortest) {
		if (reading->invocation->options.format == FORMAT_TEXT)
			print_string(reading, &reading->invocation->out);
		else
			put_string(reading);
	}
	reading->n = 0;
}

static void begin_string(struct reading *reading, uint64_t address)
{
	const struct scan_piece *piece = scan_piece_at(&reading->block, address);

	reading->address = address;
	reading->vma = piece->vma;
	reading->layer = piece->layer;
	reading->pages = piece->pages;
	reading->offset = piece->offset + (address - piece->address);
}

/* What strings(1) takes for text: ASCII that is printed, and the tab. */
static bool is_text(uint8_t c)
{
	return (c >= 0x20 && c < 0x7f) || c == '\t';
}

static bool take_character(const struct reading *reading, const uint8_t *bytes, uint8_t *ret)
{
	*ret = bytes[reading->unit == 2 && reading->high_first];
	return is_text(*ret) && (reading->unit == 1 || bytes[!reading->high_first] == 0);
}

/* Of the bytes of a block those that begin a character in it: one of two bytes may end behind it. */
static void read_bytes(struct reading *reading, const uint8_t *bytes, size_t len, uint64_t *skip)
{
	const struct scan_block *block = &reading->block;
	size_t own = (size_t)(block->end - block->start), i = (size_t)(*skip);
	uint8_t c;

	while (i < own && i + reading->unit <= len) {
		if (!take_character(reading, bytes + i, &c)) {
			if (reading->n) /* most bytes are no text */
				end_string(reading);
			i++;
			continue;
		}
		if (reading->n == 0)
			begin_string(reading, block->start + i);
		reading->text[reading->n++] = c;
		if (reading->n == LONGEST)
			end_string(reading);
		i += reading->unit;
	}
	*skip = i > own ? i - own : 0;
}

static void read_all(struct reading *reading, struct scan *scan)
{
	struct open_file last = NO_OPEN_FILE;
	uint8_t *buffer = window_new(SCAN_BLOCK + 2);
	uint64_t skip = 0;
	size_t got;

	while (scan_next(scan, &reading->block)) {
		struct scan_block *block = &reading->block;

		if (block->begins)
			skip = 0;
		problems_add(&reading->invocation->problems,
			     scan_read(scan->checkpoint, block, &last, block->start, buffer,
				       (size_t)(block->last - block->start), &got));
		read_bytes(reading, buffer, got, &skip);
		if (block->ends && block->end == block->last)
			end_string(reading);
	}
	if (last.fd >= 0)
		close(last.fd);
	free(buffer);
}

static void run(struct reading *reading)
{
	const struct options *options = &reading->invocation->options;
	struct scan scan;

	scan_init(reading->checkpoint, &scan);
	scan.pids = options->pids;
	scan.n_pids = options->n_pids;
	scan.ahead = reading->unit - 1;
	if (options->format != FORMAT_TEXT)
		rows_begin(&reading->rows, row_form_of(options->format), columns,
			   ARRAY_SIZE(columns), &reading->invocation->out);
	read_all(reading, &scan);
	if (options->format != FORMAT_TEXT)
		rows_end(&reading->rows);
	scan_block_deinit(&reading->block);
	scan_deinit(&scan);
}

static struct error *run_strings(struct invocation *invocation)
{
	const struct memory_options *options = &invocation->options.memory;
	struct checkpoint checkpoint;
	struct reading *reading;
	struct error *error = open_memory(invocation, &checkpoint);

	if (error)
		return error;
	reading = arena_zalloc(&checkpoint.arena, sizeof(*reading));
	reading->invocation = invocation;
	reading->checkpoint = &checkpoint;
	reading->shortest = options->shortest ? options->shortest : USUAL_SHORTEST;
	reading->unit = options->encoding == 'l' || options->encoding == 'b' ? 2 : 1;
	reading->high_first = options->encoding == 'b';
	run(reading);
	finish_checkpoint(invocation, &checkpoint);
	return NULL;
}

/* --- the command line ----------------------------------------------------------------------------------- */

static struct error *set_bytes(struct options *options, const char *value)
{
	unsigned long number = 0;
	struct error *error = option_number("bytes", value, 4096, &number);

	options->memory.shortest = number;
	return error;
}

static struct error *set_encoding(struct options *options, const char *value)
{
	if (!*value || value[1] || !strchr("slb", *value))
		return error_new(ERROR_USAGE, "--encoding is s (ASCII), l or b (UTF-16, little or big "
					      "endian), not \"%s\"", value);
	options->memory.encoding = *value;
	return NULL;
}

static const struct option strings_options[] = {
	{ 'n', "bytes", "N", "at least N characters (4)", .set = set_bytes },
	{ 'e', "encoding", "s|l|b", "ASCII; UTF-16, little or big endian", .set = set_encoding },
	{ 0 },
};

const struct command command_strings = {
	.name = "strings",
	.arguments = "CHECKPOINT",
	.help = "texts in memory, with their addresses",
	.formats = FORMATS_OF_ROWS,
	.options = { strings_options, pid_options, parent_options, output_options, spool_options },
	.files = FILES_FIRST,
	.reads_memory = true,
	.least_arguments = 1,
	.most_arguments = 1,
	.needs_images = true,
	.run = run_strings,
};
