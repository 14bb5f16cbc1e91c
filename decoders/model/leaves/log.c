/*
 * CRIU's logs.
 *
 *     (00.012345) Error (criu/files.c:123): text
 *     (00.012345)      7: Warn  (criu/files.c:123): text     of task 7, at restore
 *     pie: 7: Error (criu/pie/parasite.c:123): text          of task 7, from inside of it
 *
 * Errors and warnings are marked, the levels below are not: such a line has no level. What does
 * not look like one of these (the second line of a message, another tool's output) is a message
 * from its first byte on.
 */
#include <ctype.h>

#include "decoders/base/size.h"
#include "decoders/model/leaves/log.h"

enum {
	LARGEST_LOG = 64 << 20,
	LONGEST_LINE = 64 << 10,
	MOST_LINES = 1000000,
};

/* --- one line ----------------------------------------------------------------------------- */

static bool take_digits(struct bytes *rest, size_t most, uint64_t *ret, size_t *ret_n)
{
	uint64_t value = 0;
	size_t n = 0;

	while (n < rest->len && n < most && isdigit(rest->data[n]))
		value = value * 10 + (uint64_t)(rest->data[n++] - '0');
	*rest = bytes_from(*rest, n);
	*ret = value;
	*ret_n = n;
	return n > 0;
}

static bool take_text(struct bytes *rest, const char *text)
{
	struct bytes prefix = bytes_of(text);

	if (!bytes_start_with(*rest, prefix))
		return false;
	*rest = bytes_from(*rest, prefix.len);
	return true;
}

/* "(00.012345) "; from 100 seconds on CRIU has room for five digits only. */
static void take_time(struct bytes *line, struct log_line *row)
{
	struct bytes rest = *line;
	uint64_t seconds, fraction;
	size_t n;

	if (!take_text(&rest, "(") || !take_digits(&rest, 10, &seconds, &n) ||
	    !take_text(&rest, ".") || !take_digits(&rest, 6, &fraction, &n))
		return;
	row->time = (struct bytes){ line->data + 1, (size_t)(rest.data - line->data) - 1 };
	if (!take_text(&rest, ") ")) {
		row->time = NO_BYTES;
		return;
	}
	for (; n < 6; n++)
		fraction *= 10;
	row->time_us = seconds * 1000000 + fraction;
	*line = rest;
}

/* "     7: ", six columns wide or wider, and "pie: 7: ". */
static void take_pid(struct bytes *line, struct log_line *row)
{
	struct bytes rest = *line;
	uint64_t pid;
	size_t n;

	while (rest.len && *rest.data == ' ')
		rest = bytes_from(rest, 1);
	if (take_digits(&rest, 9, &pid, &n) && rest.data - line->data >= 6 &&
	    take_text(&rest, ": ")) {
		row->pid = (uint32_t)pid;
		*line = rest;
	}
	rest = *line;
	if (take_text(&rest, "pie: ") && take_digits(&rest, 9, &pid, &n) &&
	    take_text(&rest, ": ")) {
		row->pid = (uint32_t)pid;
		row->pie = true;
		*line = rest;
	}
}

static void take_level(struct bytes *line, struct log_line *row)
{
	static const struct {
		const char *mark, *level;
	} levels[] = { { "Error (", "error" }, { "Warn  (", "warning" } };
	static const struct bytes end = { (const uint8_t *)"): ", 3 };

	for (size_t i = 0; i < ARRAY_SIZE(levels); i++) {
		struct bytes rest = *line;
		size_t close;

		if (!take_text(&rest, levels[i].mark))
			continue;
		close = bytes_find(rest, ')');
		if (!bytes_start_with(bytes_from(rest, close), end))
			return;
		row->level = levels[i].level;
		row->source = bytes_first(rest, close);
		*line = bytes_from(rest, close + end.len);
		return;
	}
}

static void take_line(struct bytes line, struct log_line *row)
{
	take_time(&line, row);
	take_pid(&line, row);
	take_level(&line, row);
	row->message = line;
}

/* --- one log ------------------------------------------------------------------------------ */

static void add_line(struct checkpoint *checkpoint, struct leaf_rows *rows,
		     const struct member *member, struct bytes line, uint64_t offset,
		     uint32_t number)
{
	struct log_line *row = leaf_add(checkpoint, rows);

	*row = (struct log_line){
		.origin = { .member = source_index(&checkpoint->source, member),
			    .entry = NO_ENTRY, .offset = offset },
		.line = number,
		.time_us = ABSENT_U64,
		.pid = ABSENT_U32,
	};
	take_line(bytes_first(line, LONGEST_LINE), row);
	if (line.len > LONGEST_LINE)
		load_problem(checkpoint, member, NO_ENTRY, offset,
			     error_new(ERROR_LIMIT, "a line of %zu bytes, cut after %d", line.len,
				       LONGEST_LINE));
}

static void read_log(struct checkpoint *checkpoint, struct leaf_rows *rows,
		     const struct member *member)
{
	struct bytes text = NO_BYTES, rest;
	struct error *error = source_load(&checkpoint->source, member, LARGEST_LOG,
					  &checkpoint->arena, &text);
	uint32_t number = 0;

	load_problem(checkpoint, member, NO_ENTRY, NO_OFFSET, error);
	for (rest = text; rest.len;) {
		struct bytes line = bytes_first(rest, bytes_find(rest, '\n'));
		uint64_t offset = (uint64_t)(rest.data - text.data);

		if (rows->n == MOST_LINES) {
			load_problem(checkpoint, member, NO_ENTRY, offset,
				     error_new(ERROR_LIMIT, "more than %d lines of logs",
					       MOST_LINES));
			return;
		}
		add_line(checkpoint, rows, member, line, offset, ++number);
		rest = bytes_from(rest, line.len + 1);
	}
}

/* --- all logs ----------------------------------------------------------------------------- */

static bool is_log(struct bytes name)
{
	static const char *const names[] = { "dump.log", "pre-dump.log", "restore.log",
					     "page-server.log", "lazy-pages.log" };

	name = bytes_basename(name);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (bytes_equal(name, bytes_of(names[i])))
			return true;
	return bytes_start_with(name, BYTES("criu-")) && bytes_end_with(name, BYTES(".log"));
}

/* Beside the images, or in the directory above: where criu's work directory is put. */
static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct source *source = &checkpoint->source;
	struct bytes above = bytes_dirname(checkpoint->images);

	for (size_t i = 0; i < source->n_by_name; i++) {
		const struct member *member = &source->members.items[source->by_name[i]];
		struct bytes directory = bytes_dirname(member->name);

		if (member->type == MEMBER_FILE && is_log(member->name) &&
		    (bytes_equal(directory, checkpoint->images) || bytes_equal(directory, above)))
			read_log(checkpoint, rows, member);
	}
}

const struct leaf leaf_log = {
	.name = "log",
	.row_size = sizeof(struct log_line),
	.load = load,
};

/* --- a log by itself ---------------------------------------------------------------------- */

/* Text, and a line at its beginning that is marked as CRIU marks them. */
static bool looks_like_log(struct bytes head)
{
	if (bytes_find(head, '\0') < head.len)
		return false;
	while (head.len) {
		struct bytes line = bytes_first(head, bytes_find(head, '\n'));
		struct log_line row = { .pid = ABSENT_U32 };

		take_line(line, &row);
		if (row.time.data || row.level)
			return true;
		head = bytes_from(head, line.len + 1);
	}
	return false;
}

bool log_open(const char *path, struct checkpoint *ret)
{
	struct leaf_rows rows = { .leaf = &leaf_log };
	uint8_t bytes[4096];
	struct source source;
	struct bytes head = { bytes, 0 };
	struct error *error;

	error = source_open_file(path, &source);
	error_free(error);
	if (error)
		return false;
	head.len = source_head(&source, source.members.items, bytes, sizeof(bytes));
	if (!looks_like_log(head)) {
		source_close(&source);
		return false;
	}
	*ret = (struct checkpoint){ .dump_uptime = ABSENT_U64, .source = source };
	arena_init(&ret->arena);
	arena_init(&ret->scratch);
	problems_init(&ret->problems);
	read_log(ret, &rows, ret->source.members.items);
	*vec_push(&ret->arena, &ret->leaves) = rows;
	return true;
}
