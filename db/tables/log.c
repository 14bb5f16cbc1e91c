#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/log.h"

static void get_file(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	uint32_t member = ((const struct log_line *)row)->origin.member;

	(void)arena;
	*ret = value_text(checkpoint->source.members.items[member].name);
}

static const struct column columns[] = {
	{ .name = "file", .help = "the log", COMPUTED(TEXT, get_file) },
	{ .name = "line", .help = "number of the line, from 1", COLUMN(log_line, line, U32) },
	{ .name = "time", .help = "since criu started, as printed", .unit = "s",
	  COLUMN(log_line, time, BYTES) },
	{ .name = "time_us", .help = "the same as a number", .unit = "us", .detail = true,
	  COLUMN(log_line, time_us, U64) },
	{ .name = "pid", .help = "the task that the line is marked with, if any",
	  COLUMN(log_line, pid, U32) },
	{ .name = "level", .help = "error or warning; null: CRIU does not mark what is less",
	  COLUMN(log_line, level, NAME) },
	{ .name = "pie", .help = "said by the code that criu lets a task run", .detail = true,
	  COLUMN(log_line, pie, BOOL) },
	{ .name = "source", .help = "the place in CRIU's source that it came from", .detail = true,
	  COLUMN(log_line, source, BYTES) },
	{ .name = "message", .help = "the rest of the line", COLUMN(log_line, message, BYTES) },
};

const struct table table_log = {
	.name = "log",
	.plural = "logs",
	.help = "a line of a log of CRIU's, beside the images or in the directory above",
	.key = "file line",
	.noise = "time time_us",
	.about_dump = true,
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_log,
};
