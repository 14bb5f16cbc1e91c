#include "db/tables/table.h"

#include "decoders/base/size.h"

static struct row_set rows(const struct checkpoint *checkpoint)
{
	return ROW_SET(checkpoint->threads);
}

static void get_nice(const struct checkpoint *checkpoint, const void *row, struct arena *arena, struct value *ret)
{
	const struct thread *thread = row;

	(void)checkpoint;
	(void)arena;
	if (thread->blocked_signals != ABSENT_U64)
		*ret = (struct value){ .type = VALUE_INT, .integer = thread->nice };
}

static const struct column columns[] = {
	{ .name = "pid", .help = "its process", COLUMN(thread, pid, U32) },
	{ .name = "tid", .help = "thread id, as in the image", COLUMN(thread, tid, U32) },
	{ .name = "comm", .help = "name", COLUMN(thread, comm, BYTES) },
	{ .name = "state",
	  .help = "of a running thread: running, sleeping, uninterruptible, stopped, traced, zombie",
	  .detail = true, COLUMN(thread, state, NAME) },
	{ .name = "ip", .help = "instruction pointer", COLUMN(thread, ip, HEX64) },
	{ .name = "sp", .help = "stack pointer", COLUMN(thread, sp, HEX64) },
	{ .name = "syscall", .help = "number of the system call it was in, on its architecture",
	  COLUMN(thread, syscall, U64) },
	{ .name = "blocked_signals", .help = "mask of blocked signals",
	  COLUMN(thread, blocked_signals, HEX64) },
	{ .name = "sched_policy", .help = "scheduling policy, as sched(7) numbers them",
	  .detail = true, COLUMN(thread, sched_policy, U32) },
	{ .name = "sched_priority", .help = "static priority", .detail = true,
	  COLUMN(thread, sched_priority, U32) },
	{ .name = "nice", .help = "nice value", .detail = true, COMPUTED(INT, get_nice) },
	{ .name = "pdeath_signal", .help = "signal it gets when its parent dies; 0: none",
	  .detail = true, COLUMN(thread, pdeath_signal, U32) },
	{ .name = "seccomp", .help = "disabled, strict or filter", .detail = true,
	  COLUMN(thread, seccomp, NAME) },
	{ .name = "seccomp_filter", .help = "index of its filter in seccomp.img", .detail = true,
	  COLUMN(thread, seccomp_filter, U32) },
	{ .name = "rseq_address", .help = "address of its restartable sequences area",
	  .detail = true, COLUMN(thread, rseq_address, HEX64) },
	{ .name = "clear_tid_address", .help = "address that the kernel clears when it ends",
	  .detail = true, COLUMN(thread, clear_tid_address, HEX64) },
	{ .name = "tls", .help = "thread pointer", .detail = true, COLUMN(thread, tls, HEX64) },
	{ .name = "sigaltstack", .help = "address of its alternate signal stack", .detail = true,
	  COLUMN(thread, sigaltstack, HEX64) },
	{ .name = "sigaltstack_size", .help = "size of it", .unit = "bytes", .detail = true,
	  COLUMN(thread, sigaltstack_size, U64) },
	{ .name = "xstate_features", .help = "state components of XSAVE, on x86", .detail = true,
	  COLUMN(thread, xstate_features, HEX64) },
};

const struct table table_thread = {
	.name = "thread",
	.plural = "threads",
	.help = "a thread",
	.key = "pid tid",
	.noise = "state",
	.needs = PART_TASKS,
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.rows = rows,
};
