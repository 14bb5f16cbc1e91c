/* search CHECKPOINT PATTERN: all memory that the checkpoint holds, searched. */
#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "decoders/model/mappers.h"
#include "decoders/model/search.h"
#include "inspect/memory.h"
#include "inspect/options.h"

enum {
	CONTEXT = 24,	 /* bytes before and behind a match that are shown */
	SHOWN_MATCH = 256, /* bytes of a match, in text */
};

struct finding {
	struct invocation *invocation;
	struct checkpoint *checkpoint;
	struct open_file last;
	struct row_writer rows;
	uint64_t found;
	uint64_t *counts; /* by process; or, by storage, one for all */
	struct mappers mappers; /* by storage */
	uint8_t *bytes;
};

static struct error *prepare(struct invocation *invocation)
{
	const struct memory_options *options = &invocation->options.memory;

	return pattern_new(bytes_of(invocation->arguments[1]), options->kind, options->ignore_case,
			   &invocation->pattern);
}

/* UTF-16 is what the machine of the checkpoint would have written. */
static struct error *adapt_pattern(struct invocation *invocation, const struct checkpoint *checkpoint)
{
	const struct memory_options *options = &invocation->options.memory;
	struct pattern *pattern = NULL;
	struct error *error;

	if (options->kind != PATTERN_UTF16LE || !checkpoint->arch || strcmp(checkpoint->arch, "s390x") != 0)
		return NULL;
	error = pattern_new(bytes_of(invocation->arguments[1]), PATTERN_UTF16BE, options->ignore_case,
			    &pattern);
	if (error)
		return error;
	pattern_free(invocation->pattern);
	invocation->pattern = pattern;
	return NULL;
}

/* --- a hit ------------------------------------------------------------------------------------------------- */

struct shown {
	const struct scan_block *block;
	const struct hit *hit;
	const struct scan_piece *piece; /* where it begins, */
	uint64_t offset;                /* ... and where in the image */
	struct bytes before, match, after;
	uint32_t process, vma; /* rows; NO_ROW: nobody has it mapped, or no mapping is known */
	uint64_t address;      /* of them; of the page map where nobody has */
	struct out others;     /* "7:0x7f0000001000 ...": who else has it mapped */
};

/* Its bytes and those around it, of the same stretch. */
static void read_shown(struct finding *finding, struct shown *shown)
{
	const struct scan_block *block = shown->block;
	uint64_t start = shown->hit->address, end = start + shown->hit->len;
	uint64_t first = start - block->first < CONTEXT ? block->first : start - CONTEXT;
	uint64_t last = block->last - end < CONTEXT ? block->last : end + CONTEXT;
	struct bytes all = { finding->bytes, 0 };

	problems_add(&finding->invocation->problems,
		     scan_read(finding->checkpoint, block, &finding->last, first, finding->bytes,
			       (size_t)(last - first), &all.len));
	shown->before = bytes_first(all, (size_t)(start - first));
	all = bytes_from(all, (size_t)(start - first));
	shown->match = bytes_first(all, shown->hit->len);
	shown->after = bytes_from(all, shown->hit->len);
}

static void find_owner(const struct finding *finding, struct shown *shown)
{
	const struct member *pages = shown->piece->pages;
	uint32_t layer = shown->piece->layer;
	const struct mapper *mapper;
	size_t position;

	if (shown->block->process != NO_ROW) {
		shown->process = shown->block->process;
		shown->vma = shown->piece->vma;
		return;
	}
	position = mappers_first(&finding->mappers, pages, shown->offset);
	mapper = mappers_next(&finding->mappers, pages, layer, shown->offset, &position);
	if (!mapper)
		return;
	shown->process = mapper->process;
	shown->vma = mapper->vma;
	shown->address = mapper->address + (shown->offset - mapper->offset);
	while ((mapper = mappers_next(&finding->mappers, pages, layer, shown->offset, &position))) {
		uint64_t address = mapper->address + (shown->offset - mapper->offset);

		out_printf(&shown->others, "%s%u:0x%llx", shown->others.len ? " " : "",
			   finding->checkpoint->processes.items[mapper->process].pid,
			   (unsigned long long)address);
	}
}

/* Of what is before and behind, in text, the part up to the next NUL. */
static struct bytes near_before(struct bytes before)
{
	return before.len ? bytes_from(before, bytes_find_last(before, 0) == before.len
						       ? 0
						       : bytes_find_last(before, 0) + 1)
			  : before;
}

static struct bytes near_after(struct bytes after)
{
	return after.len ? bytes_first(after, bytes_find(after, 0)) : after;
}

static void print_hit(const struct finding *finding, const struct shown *shown, struct out *out)
{
	const struct checkpoint *checkpoint = finding->checkpoint;
	const struct vma *vma = span_vma(checkpoint, shown->vma);

	if (shown->process == NO_ROW)
		out_printf(out, "%7s ", "-");
	else
		out_printf(out, "%7u ", checkpoint->processes.items[shown->process].pid);
	out_printf(out, "%016llx %-4s %-8s ", (unsigned long long)shown->address, vma ? vma->prot : "-",
		   vma ? vma->kind : "-");
	out_style(out, STYLE_DIM);
	print_memory_place(shown->piece->layer, shown->piece->pages, shown->offset, out);
	if (shown->others.len) {
		out_text(out, " also ");
		out_bytes(out, out_held(&shown->others));
	}
	out_style(out, STYLE_PLAIN);
	out_text(out, "  ");
	escape_text(out, near_before(shown->before));
	out_style(out, STYLE_BOLD);
	escape_text(out, bytes_first(shown->match, SHOWN_MATCH));
	out_style(out, STYLE_PLAIN);
	if (shown->match.len > SHOWN_MATCH)
		out_printf(out, " ... %zu more bytes", shown->match.len - SHOWN_MATCH);
	else
		escape_text(out, near_after(shown->after));
	out_char(out, '\n');
}

static const char *const columns[] = {
	"pid", "addr", "vma_start", "prot", "kind", MEMORY_PLACE_COLUMNS, "len", "match", "before",
	"after", "also",
};
static const char *const count_columns[] = { "pid", "count" };

static void put_hit(struct finding *finding, const struct shown *shown)
{
	const struct checkpoint *checkpoint = finding->checkpoint;
	const struct vma *vma = span_vma(checkpoint, shown->vma);
	struct value values[ARRAY_SIZE(columns)] = { { 0 }, value_number(VALUE_HEX, shown->address) };

	if (shown->process != NO_ROW)
		values[0] = value_number(VALUE_UINT, checkpoint->processes.items[shown->process].pid);
	if (vma) {
		values[2] = value_number(VALUE_HEX, vma->start);
		values[3] = value_word(vma->prot);
		values[4] = value_word(vma->kind);
	}
	memory_place_values(shown->piece->layer, shown->piece->pages, shown->offset, values + 5);
	values[8] = value_number(VALUE_UINT, shown->hit->len);
	values[9] = value_text(shown->match);
	values[10] = value_text(shown->before);
	values[11] = value_text(shown->after);
	if (shown->others.len)
		values[12] = value_text(out_held(&shown->others));
	rows_put(&finding->rows, values);
}

static void show_hit(struct finding *finding, const struct scan_block *block, const struct hit *hit)
{
	const struct options *options = &finding->invocation->options;
	struct shown shown = { .block = block, .hit = hit, .address = hit->address, .process = NO_ROW,
			       .vma = NO_ROW, .piece = scan_piece_at(block, hit->address) };

	out_init(&shown.others, -1);
	shown.offset = shown.piece->offset + (hit->address - shown.piece->address);
	find_owner(finding, &shown);
	read_shown(finding, &shown);
	if (options->format == FORMAT_TEXT)
		print_hit(finding, &shown, &finding->invocation->out);
	else
		put_hit(finding, &shown);
	out_deinit(&shown.others);
}

/* Whether another one may be shown; it is counted. */
static bool take_block(void *context, const struct scan_block *block, const struct hit *hits, size_t n)
{
	struct finding *finding = context;
	const struct memory_options *options = &finding->invocation->options.memory;
	uint64_t left = options->max ? options->max - finding->found : UINT64_MAX;

	if (n > left)
		n = (size_t)left;
	finding->counts[block->process == NO_ROW ? 0 : block->process] += n;
	finding->found += n;
	for (size_t i = 0; !options->count && i < n; i++)
		show_hit(finding, block, &hits[i]);
	return !options->max || finding->found < options->max;
}

/* --- counts ---------------------------------------------------------------------------------------------------- */

static void print_counts(const struct finding *finding, struct out *out)
{
	const struct checkpoint *checkpoint = finding->checkpoint;

	for (size_t i = 0; !finding->invocation->options.memory.by_storage && i < checkpoint->processes.n;
	     i++)
		if (finding->counts[i]) {
			out_printf(out, "%10llu  %u ", (unsigned long long)finding->counts[i],
				   checkpoint->processes.items[i].pid);
			escape_text(out, checkpoint->processes.items[i].comm);
			out_char(out, '\n');
		}
	out_printf(out, "%10llu  in all\n", (unsigned long long)finding->found);
}

static void put_counts(struct finding *finding)
{
	const struct checkpoint *checkpoint = finding->checkpoint;
	bool by_storage = finding->invocation->options.memory.by_storage;

	for (size_t i = 0; i < (by_storage ? 1 : checkpoint->processes.n); i++) {
		struct value values[ARRAY_SIZE(count_columns)] = {
			{ 0 }, value_number(VALUE_UINT, finding->counts[i]) };

		if (!finding->counts[i] && !by_storage)
			continue;
		if (!by_storage)
			values[0] = value_number(VALUE_UINT, checkpoint->processes.items[i].pid);
		rows_put(&finding->rows, values);
	}
}

/* --- the command -------------------------------------------------------------------------------------------------- */

static void begin(struct finding *finding)
{
	const struct options *options = &finding->invocation->options;
	bool count = options->memory.count;

	if (options->format != FORMAT_TEXT)
		rows_begin(&finding->rows, row_form_of(options->format),
			   count ? count_columns : columns,
			   count ? ARRAY_SIZE(count_columns) : ARRAY_SIZE(columns),
			   &finding->invocation->out);
}

static void end(struct finding *finding)
{
	const struct options *options = &finding->invocation->options;

	if (options->memory.count && options->format == FORMAT_TEXT)
		print_counts(finding, &finding->invocation->out);
	else if (options->memory.count)
		put_counts(finding);
	if (options->format != FORMAT_TEXT)
		rows_end(&finding->rows);
}

static void run(struct finding *finding)
{
	const struct options *options = &finding->invocation->options;
	const struct search search = {
		.pattern = finding->invocation->pattern,
		.threads = options->threads ? options->threads : 1,
		.take = take_block,
		.context = finding,
	};
	struct scan scan;

	scan_init(finding->checkpoint, &scan);
	scan.pids = options->pids;
	scan.n_pids = options->n_pids;
	scan.by_storage = options->memory.by_storage;
	if (scan.by_storage && !options->memory.count)
		mappers_find(finding->checkpoint, &finding->mappers);
	begin(finding);
	search_memory(&search, &scan, &finding->invocation->problems);
	end(finding);
	scan_deinit(&scan);
}

static struct error *run_search(struct invocation *invocation)
{
	struct checkpoint checkpoint;
	struct finding finding = { .invocation = invocation, .checkpoint = &checkpoint,
				   .last = NO_OPEN_FILE };
	struct error *error;

	if (invocation->options.memory.by_storage && invocation->options.n_pids)
		return error_new(ERROR_USAGE, "--physical is about all that is stored: not with -p");
	error = open_memory(invocation, &checkpoint);
	if (error)
		return error;
	error = adapt_pattern(invocation, &checkpoint);
	if (!error) {
		finding.counts = arena_zalloc(&checkpoint.arena,
					      (checkpoint.processes.n + 1) * sizeof(*finding.counts));
		finding.bytes = arena_alloc(&checkpoint.arena, MOST_MATCH + 2 * CONTEXT);
		run(&finding);
		invocation->status = finding.found ? 0 : 1;
	}
	if (finding.last.fd >= 0)
		close(finding.last.fd);
	finish_checkpoint(invocation, &checkpoint);
	return error;
}

/* --- the command line ----------------------------------------------------------------------------------- */

static struct error *set_kind(struct options *options, enum pattern_kind kind)
{
	if (options->memory.kind != PATTERN_TEXT && options->memory.kind != kind)
		return error_new(ERROR_USAGE, "only one of --hex, --utf16 and --regex");
	options->memory.kind = kind;
	return NULL;
}

static struct error *set_hex(struct options *options, const char *value)
{
	(void)value;
	return set_kind(options, PATTERN_HEX);
}

static struct error *set_utf16(struct options *options, const char *value)
{
	(void)value;
	return set_kind(options, PATTERN_UTF16LE);
}

static struct error *set_regex(struct options *options, const char *value)
{
	(void)value;
	return set_kind(options, PATTERN_REGEX);
}

static struct error *set_max(struct options *options, const char *value)
{
	unsigned long number = 0;
	struct error *error = option_number("max", value, UINT32_MAX, &number);

	options->memory.max = number;
	return error;
}

static const struct option search_options[] = {
	{ 0, "regex", NULL, "PATTERN is a regular expression (PCRE2, over bytes)", .set = set_regex },
	{ 0, "hex", NULL, "PATTERN is bytes: \"de ad ?? e?\", a ? is any digit", .set = set_hex },
	{ 0, "utf16", NULL, "PATTERN, as UTF-16 of the machine's byte order", .set = set_utf16 },
	{ 'i', "ignore-case", NULL, "of ASCII letters", SETS(memory.ignore_case) },
	{ 0, "count", NULL, "how many, for each process", SETS(memory.count) },
	{ 'm', "max", "N", "end after N hits", .set = set_max },
	{ 0, "physical", NULL, "every stored page once, and who has it mapped", SETS(memory.by_storage) },
	{ 0 },
};

static void release(struct invocation *invocation)
{
	pattern_free(invocation->pattern);
	invocation->pattern = NULL;
}

const struct command command_search = {
	.name = "search",
	.arguments = "CHECKPOINT PATTERN",
	.help = "memory of all processes, searched",
	.about = "Finds text, or --hex bytes, or --utf16 text, or what a --regex matches, wherever\n"
		 "pages and their runs end, in ancestors too. A match has at most 64 KiB. Pages\n"
		 "that were never written are not searched. Exit status: 0 found, 1 not found.\n",
	.formats = FORMATS_OF_ROWS,
	.options = { search_options, thread_options, pid_options, parent_options, output_options, spool_options },
	.files = FILES_FIRST,
	.reads_memory = true,
	.prepare = prepare,
	.release = release,
	.least_arguments = 2,
	.most_arguments = 2,
	.needs_images = true,
	.run = run_search,
};
