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

static void take_timerfd(struct checkpoint *checkpoint, void *rows, const struct file_entry *entry)
{
	const TimerfdEntry *from = entry->message->tfd;
	struct open_file_name file;
	struct timer *timer;

	if (!from)
		return;
	file = open_file_name(checkpoint, FD_TYPES__TIMERFD, from->id);
	timer = add_timer(checkpoint, rows, entry->origin, "timerfd", file.pid);
	timer->file_id = file.file_id;
	timer->clock = from->clockid;
	timer->is_absolute = from->settime_flags & ABSTIME;
	timer->remaining_ns = nanoseconds(from->vsec, from->vnsec, 1);
	timer->interval_ns = nanoseconds(from->isec, from->insec, 1);
	timer->missed = from->ticks;
}

static bool take_core(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
		      const struct core *core)
{
	const TaskTimersEntry *timers = core->entry->tc ? core->entry->tc->timers : NULL;

	if (!timers)
		return false;
	add_itimer(checkpoint, rows, pid, 0, timers->real, core->origin);
	add_itimer(checkpoint, rows, pid, 1, timers->virt, core->origin);
	add_itimer(checkpoint, rows, pid, 2, timers->prof, core->origin);
	for (size_t i = 0; i < timers->n_posix; i++)
		add_posix(checkpoint, rows, pid, timers->posix[i], core->origin);
	return true;
}

static void take_itimer(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
			const struct image_entry *entry, struct origin origin)
{
	add_itimer(checkpoint, rows, pid, entry->index, (const ItimerEntry *)entry->message, origin);
}

static void take_posix(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
		       const struct image_entry *entry, struct origin origin)
{
	add_posix(checkpoint, rows, pid, (const PosixTimerEntry *)entry->message, origin);
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	static const struct core_part timers = {
		take_core, { { "ITIMERS", take_itimer }, { "POSIX_TIMERS", take_posix } }
	};

	core_part_load(checkpoint, rows, &timers);
	file_entries_each(checkpoint, FD_TYPES__TIMERFD, take_timerfd, rows);
}

const struct leaf leaf_timer = {
	.name = "timer",
	.row_size = sizeof(struct timer),
	.needs = PART_FDS,
	.load = load,
};
