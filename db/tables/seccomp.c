#include "db/tables/words.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/seccomp.h"

/* include/uapi/linux/seccomp.h */
static const struct name flag_names[] = {
	{ 0x1, "TSYNC" },	 { 0x2, "LOG" },	  { 0x4, "SPEC_ALLOW" },
	{ 0x8, "NEW_LISTENER" }, { 0x10, "TSYNC_ESRCH" }, { 0x20, "WAIT_KILLABLE_RECV" },
};
static const struct name_table flags = { flag_names, ARRAY_SIZE(flag_names) };

static void get_flag_names(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
			   struct value *ret)
{
	(void)checkpoint;
	*ret = mask_value(arena, &flags, ((const struct seccomp *)row)->flags);
}

static const struct column columns[] = {
	{ .name = "id", .help = "its place in seccomp.img, as in thread.seccomp_filter",
	  COLUMN(seccomp, id, U32) },
	{ .name = "previous", .help = "id of the filter that was there before; both hold",
	  COLUMN(seccomp, previous, U32) },
	{ .name = "threads", .help = "threads that have it as their last",
	  COLUMN(seccomp, threads, U32) },
	{ .name = "instructions", .help = "how long it is: the rows of seccomp_code",
	  COLUMN(seccomp, n_instructions, U32) },
	{ .name = "actions", .help = "what it can answer: allow, errno(1), kill_process, ...",
	  COLUMN(seccomp, actions, BYTES) },
	{ .name = "flags", .help = "SECCOMP_FILTER_FLAG_ flags", .detail = true,
	  COLUMN(seccomp, flags, HEX32) },
	{ .name = "flag_names", .help = "the names of those flags", .detail = true,
	  COMPUTED(TEXT, get_flag_names) },
};

const struct table table_seccomp = {
	.name = "seccomp",
	.help = "a seccomp filter",
	.key = "id",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_seccomp,
};
