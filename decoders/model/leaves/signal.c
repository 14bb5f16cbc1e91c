/*
 * Pending signals: siginfo_t as the kernel has it, in core, or in signal-s-PID.img and
 * signal-p-TID.img of old dumps. Constants and layout: include/uapi/asm-generic/siginfo.h, and
 * kernel/signal.c (siginfo_layout) for which part of the union a code uses.
 */
#include "decoders/base/cursor.h"
#include "decoders/base/size.h"
#include "decoders/model/leaves/cores.h"
#include "decoders/model/leaves/signal.h"
#include "signals.pb-c.h"

enum { CODE_USER = 0, CODE_TIMER = -2, CODE_SIGIO = -5, CODE_TKILL = -6, CODE_KERNEL = 0x80 };

/* How the bytes of a siginfo lie; all of an image lie alike. */
struct layout {
	bool big_endian;
	bool wide;       /* pointers of 8 bytes, and the union begins at such a boundary */
	bool code_first; /* before the error number */
	uint32_t sigchld, sigio, sigsys;
};

static struct layout layout_of(const struct checkpoint *checkpoint,
			       const struct image_reader *reader)
{
	bool mips = core_is_mips(checkpoint);

	return (struct layout){
		.big_endian = reader->header.big_endian,
		.wide = !checkpoint->arch || strcmp(checkpoint->arch, "arm") != 0,
		.code_first = mips,
		.sigchld = mips ? 18 : 17,
		.sigio = mips ? 22 : 29,
		.sigsys = mips ? 12 : 31,
	};
}

/* A number of the C type long, or a pointer. */
static bool take_long(struct cursor *cursor, const struct layout *layout, uint64_t *ret)
{
	uint32_t narrow;

	if (layout->wide)
		return cursor_u64(cursor, ret);
	if (!cursor_u32(cursor, &narrow))
		return false;
	*ret = narrow;
	return true;
}

/* A union of int and pointer: both begin at its first byte. */
static bool take_value(struct cursor *cursor, const struct layout *layout, struct signal *signal)
{
	struct cursor same = *cursor;
	uint32_t number;

	signal->has_value = cursor_u32(&same, &number) &&
			    take_long(cursor, layout, &signal->value);
	if (signal->has_value)
		signal->value_int = (int32_t)number;
	return signal->has_value;
}

static bool take_sender(struct cursor *cursor, struct signal *signal)
{
	return cursor_u32(cursor, &signal->sender_pid) && cursor_u32(cursor, &signal->sender_uid);
}

static bool take_timer(struct cursor *cursor, const struct layout *layout, struct signal *signal)
{
	return cursor_u32(cursor, &signal->timer_id) && cursor_u32(cursor, &signal->overrun) &&
	       take_value(cursor, layout, signal);
}

static bool take_poll(struct cursor *cursor, const struct layout *layout, struct signal *signal)
{
	uint64_t band;

	return take_long(cursor, layout, &band) && cursor_u32(cursor, &signal->fd);
}

static bool take_syscall(struct cursor *cursor, const struct layout *layout, struct signal *signal)
{
	return take_long(cursor, layout, &signal->address) && cursor_u32(cursor, &signal->syscall);
}

/* SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV: the numbers of MIPS and of all others. */
static bool is_fault(const struct layout *layout, uint32_t signal)
{
	return signal == 4 || signal == 5 || signal == 8 || signal == 11 ||
	       signal == (layout->code_first ? 10 : 7);
}

static bool take_union(struct cursor *cursor, const struct layout *layout, struct signal *signal)
{
	if (signal->code == CODE_TIMER)
		return take_timer(cursor, layout, signal);
	if (signal->code == CODE_SIGIO)
		return take_poll(cursor, layout, signal);
	if (signal->code == CODE_USER || signal->code == CODE_TKILL || signal->code == CODE_KERNEL)
		return take_sender(cursor, signal);
	if (signal->code < 0)
		return take_sender(cursor, signal) && take_value(cursor, layout, signal);
	if (signal->signal == layout->sigchld)
		return take_sender(cursor, signal) && cursor_u32(cursor, &signal->status);
	if (signal->signal == layout->sigio)
		return take_poll(cursor, layout, signal);
	if (signal->signal == layout->sigsys)
		return take_syscall(cursor, layout, signal);
	if (is_fault(layout, signal->signal))
		return take_long(cursor, layout, &signal->address);
	return take_sender(cursor, signal);
}

static bool take_header(struct cursor *cursor, const struct layout *layout, struct signal *signal)
{
	uint32_t second, third;
	struct bytes padding;

	if (!cursor_u32(cursor, &signal->signal) || !cursor_u32(cursor, &second) ||
	    !cursor_u32(cursor, &third) || !cursor_take(cursor, layout->wide ? 4 : 0, &padding))
		return false;
	signal->code = (int32_t)(layout->code_first ? second : third);
	signal->error = (int32_t)(layout->code_first ? third : second);
	return true;
}

static struct signal new_signal(uint32_t pid, uint32_t tid, struct origin origin)
{
	return (struct signal){
		.origin = origin,
		.pid = pid, .tid = tid,
		.sender_pid = ABSENT_U32, .sender_uid = ABSENT_U32,
		.timer_id = ABSENT_U32, .overrun = ABSENT_U32,
		.status = ABSENT_U32, .fd = ABSENT_U32, .syscall = ABSENT_U32,
		.address = ABSENT_U64,
	};
}

/* What the signals of one queue have in common. */
struct queue {
	struct leaf_rows *rows;
	const struct image_reader *reader;
	uint32_t pid, tid;
};

static void add_signal(struct checkpoint *checkpoint, const struct queue *queue,
		       const SiginfoEntry *from, struct origin origin)
{
	struct layout layout = layout_of(checkpoint, queue->reader);
	struct bytes bytes = { from->siginfo.data, from->siginfo.len };
	struct cursor cursor = cursor_over(bytes, layout.big_endian);
	struct signal signal = new_signal(queue->pid, queue->tid, origin);

	if (take_header(&cursor, &layout, &signal) && take_union(&cursor, &layout, &signal))
		*(struct signal *)leaf_add(checkpoint, queue->rows) = signal;
	else
		load_problem(checkpoint, &checkpoint->source.members.items[origin.member],
			     origin.entry, origin.offset,
			     error_new(ERROR_DAMAGED, "a siginfo of %zu bytes is cut off",
				       bytes.len));
}

static bool add_queue(struct checkpoint *checkpoint, const struct queue *queue,
		      const SignalQueueEntry *from, struct origin origin)
{
	for (size_t i = 0; from && i < from->n_signals; i++)
		add_signal(checkpoint, queue, from->signals[i], origin);
	return from != NULL;
}

static void load_beside(struct checkpoint *checkpoint, struct queue *queue, const char *kind,
			uint32_t id)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_numbered(checkpoint, kind, id, &reader))
		return;
	queue->reader = &reader;
	while (image_next(&reader, &entry))
		add_signal(checkpoint, queue, (const SiginfoEntry *)entry.message,
			   load_origin(&reader, &entry));
	load_close(checkpoint, &reader);
}

static void load_thread(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
			uint32_t tid)
{
	bool shared = tid != pid, own = false; /* what has been found */
	struct core core;
	struct queue of_process = { rows, &core.reader, pid, ABSENT_U32 };
	struct queue of_thread = { rows, &core.reader, pid, tid };

	if (core_open(checkpoint, tid, &core)) {
		const TaskCoreEntry *task = core.entry->tc;
		const ThreadCoreEntry *thread = core.entry->thread_core;

		if (!shared && task)
			shared = add_queue(checkpoint, &of_process, task->signals_s, core.origin);
		if (thread)
			own = add_queue(checkpoint, &of_thread, thread->signals_p, core.origin);
		core_close(checkpoint, &core);
	}
	if (!shared)
		load_beside(checkpoint, &of_process, "SIGNAL", pid);
	if (!own)
		load_beside(checkpoint, &of_thread, "PSIGNAL", tid);
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct map seen = { 0 };

	for (uint32_t i = 0; i < checkpoint->threads.n; i++) {
		const struct thread *thread = &checkpoint->threads.items[i];

		if (map_put(&checkpoint->arena, &seen, thread->tid, i))
			load_thread(checkpoint, rows, thread->pid, thread->tid);
	}
}

const struct leaf leaf_signal = {
	.name = "signal",
	.row_size = sizeof(struct signal),
	.needs = PART_TASKS,
	.load = load,
};
