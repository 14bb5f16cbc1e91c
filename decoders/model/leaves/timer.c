/*
 * Timers: in core, or in itimers-PID.img and posix-timers-PID.img of old dumps; timerfds are
 * open files. Every task has three interval timers; those that were never set are left out.
 */
#include "decoders/base/size.h"
#include "decoders/model/leaves/cores.h"
#include "decoders/model/leaves/open_files.h"
#include "decoders/model/leaves/timer.h"
#include "notify.pb-c.h"
#include "signals.pb-c.h"

enum { NS_PER_US = 1000, NS_PER_S = 1000000000, ABSTIME = 1 /* TFD_TIMER_ABSTIME */ };

/* Seconds and a fraction; more than fits (584 years) is absent. */
static uint64_t nanoseconds(uint64_t seconds, uint64_t fraction, uint64_t unit)
{
	uint64_t whole, part, sum;

	return size_mul(seconds, (uint64_t)NS_PER_S, &whole) && size_mul(fraction, unit, &part) &&
			       size_add(whole, part, &sum)
		       ? sum
		       : ABSENT_U64;
}

static struct timer *add_timer(struct checkpoint *checkpoint, struct leaf_rows *rows,
			       struct origin origin, const char *kind, uint32_t pid)
{
	struct timer *timer = leaf_add(checkpoint, rows);

	*timer = (struct timer){
		.origin = origin,
		.pid = pid,
		.kind = kind,
		.id = ABSENT_U32, .file_id = ABSENT_U32, .clock = ABSENT_U32,
		.signal = ABSENT_U32, .notify = ABSENT_U32, .notify_tid = ABSENT_U32,
		.missed = ABSENT_U64,
	};
	return timer;
}

static void add_itimer(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
		       uint32_t which, const ItimerEntry *from, struct origin origin)
{
	static const char *const names[] = { "real", "virtual", "prof" };
	struct timer *timer;

	if (!from || (!from->vsec && !from->vusec && !from->isec && !from->iusec))
		return;
	timer = add_timer(checkpoint, rows, origin, "itimer", pid);
	timer->name = which < ARRAY_SIZE(names) ? names[which] : NULL;
	timer->remaining_ns = nanoseconds(from->vsec, from->vusec, NS_PER_US);
	timer->interval_ns = nanoseconds(from->isec, from->iusec, NS_PER_US);
}

static void add_posix(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
		      const PosixTimerEntry *from, struct origin origin)
{
	struct timer *timer = add_timer(checkpoint, rows, origin, "posix", pid);

	timer->id = from->it_id;
	timer->clock = from->clock_id;
	timer->signal = from->si_signo ? from->si_signo : ABSENT_U32;
	timer->notify = from->it_sigev_notify;
	if (from->has_notify_thread_id)
		timer->notify_tid = (uint32_t)from->notify_thread_id;
	timer->remaining_ns = nanoseconds(from->vsec, from->vnsec, 1);
	timer->interval_ns = nanoseconds(from->isec, from->insec, 1);
	timer->missed = from->overrun;
	timer->value = from->sival_ptr;
}

static void take_timerfd(struct checkpoint *checkpoint, void *rows,
			 const ProtobufCMessage *message, struct origin origin)
{
	const TimerfdEntry *from = (const TimerfdEntry *)message;
	struct open_file_name file = open_file_name(checkpoint, FD_TYPES__TIMERFD, from->id);
	struct timer *timer = add_timer(checkpoint, rows, origin, "timerfd", file.pid);

	timer->file_id = file.file_id;
	timer->clock = from->clockid;
	timer->is_absolute = from->settime_flags & ABSTIME;
	timer->remaining_ns = nanoseconds(from->vsec, from->vnsec, 1);
	timer->interval_ns = nanoseconds(from->isec, from->insec, 1);
	timer->missed = from->ticks;
}

static bool load_core(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid)
{
	const TaskTimersEntry *timers;
	struct core core;

	if (!core_open(checkpoint, pid, &core))
		return false;
	timers = core.entry->tc ? core.entry->tc->timers : NULL;
	if (timers) {
		add_itimer(checkpoint, rows, pid, 0, timers->real, core.origin);
		add_itimer(checkpoint, rows, pid, 1, timers->virt, core.origin);
		add_itimer(checkpoint, rows, pid, 2, timers->prof, core.origin);
		for (size_t i = 0; i < timers->n_posix; i++)
			add_posix(checkpoint, rows, pid, timers->posix[i], core.origin);
	}
	core_close(checkpoint, &core);
	return timers != NULL;
}

static void load_beside(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid)
{
	struct image_reader reader;
	struct image_entry entry;

	if (load_open_named(checkpoint, "ITIMERS", &reader, "itimers-%u.img", pid)) {
		while (image_next(&reader, &entry))
			add_itimer(checkpoint, rows, pid, entry.index,
				   (const ItimerEntry *)entry.message,
				   load_origin(&reader, &entry));
		load_close(checkpoint, &reader);
	}
	if (load_open_named(checkpoint, "POSIX_TIMERS", &reader, "posix-timers-%u.img", pid)) {
		while (image_next(&reader, &entry))
			add_posix(checkpoint, rows, pid, (const PosixTimerEntry *)entry.message,
				  load_origin(&reader, &entry));
		load_close(checkpoint, &reader);
	}
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	static const struct open_file_type timerfds =
		OPEN_FILES(FD_TYPES__TIMERFD, tfd, "TIMERFD", "timerfd.img");

	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		uint32_t pid = checkpoint->processes.items[i].pid;

		if (!load_core(checkpoint, rows, pid))
			load_beside(checkpoint, rows, pid);
	}
	open_files_each(checkpoint, &timerfds, take_timerfd, rows);
}

const struct leaf leaf_timer = {
	.name = "timer",
	.row_size = sizeof(struct timer),
	.needs = PART_FDS,
	.load = load,
};
