#include "db/tables/reference.h"

#include "db/tables/words.h"
#include "decoders/base/size.h"
#include "decoders/model/leaves/lock.h"

static const struct file *file_of(const struct checkpoint *checkpoint, const void *row)
{
	return checkpoint_file(checkpoint, ((const struct lock *)row)->file);
}

static void get_file_id(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
			struct value *ret)
{
	(void)arena;
	*ret = file_id(file_of(checkpoint, row));
}

static void get_path(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	(void)arena;
	*ret = file_path(file_of(checkpoint, row));
}

static void get_to_eof(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		       struct value *ret)
{
	(void)checkpoint;
	(void)arena;
	*ret = value_bool(((const struct lock *)row)->length == ABSENT_U64);
}

static const struct column columns[] = {
	{ .name = "pid", .help = "a process that holds it", COLUMN(lock, pid, U32) },
	{ .name = "fd", .help = "the descriptor it was taken through", COLUMN(lock, fd, U32) },
	{ .name = "kind", .help = "flock, posix, ofd or lease", COLUMN(lock, kind, NAME) },
	{ .name = "mode", .help = "flock: shared, exclusive; else read, write",
	  COLUMN(lock, mode, NAME) },
	{ .name = "start", .help = "where it begins", .unit = "bytes", COLUMN(lock, start, U64) },
	{ .name = "length", .help = "null: to the end of the file", .unit = "bytes",
	  COLUMN(lock, length, U64) },
	{ .name = "to_eof", .help = "it reaches to the end, wherever that moves",
	  COMPUTED(BOOL, get_to_eof) },
	{ .name = "breaking", .help = "a lease that somebody else waits for", .detail = true,
	  COLUMN(lock, is_breaking, BOOL) },
	{ .name = "file_id", .help = "file.id of the descriptor", COMPUTED(UINT, get_file_id) },
	{ .name = "path", .help = "path of that file", COMPUTED(TEXT, get_path) },
};

const struct table table_lock = {
	.name = "lock",
	.plural = "locks",
	.help = "a lock or lease on a file",
	.key = "pid fd kind start",
	.noise = "file_id",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_lock,
};
