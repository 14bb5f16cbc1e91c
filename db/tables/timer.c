#include "db/tables/words.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/timer.h"

/* include/uapi/linux/time.h; the negative ones are how the kernel keeps a timer of CPU time. */
static const struct name clock_names[] = {
	{ 0, "CLOCK_REALTIME" },	   { 1, "CLOCK_MONOTONIC" },
	{ 2, "CLOCK_PROCESS_CPUTIME_ID" }, { 3, "CLOCK_THREAD_CPUTIME_ID" },
	{ 4, "CLOCK_MONOTONIC_RAW" },	   { 5, "CLOCK_REALTIME_COARSE" },
	{ 6, "CLOCK_MONOTONIC_COARSE" },   { 7, "CLOCK_BOOTTIME" },
	{ 8, "CLOCK_REALTIME_ALARM" },	   { 9, "CLOCK_BOOTTIME_ALARM" },
	{ 11, "CLOCK_TAI" },		   { (uint32_t)-6, "CLOCK_PROCESS_CPUTIME_ID" },
	{ (uint32_t)-2, "CLOCK_THREAD_CPUTIME_ID" },
};
static const struct name_table clocks = { clock_names, ARRAY_SIZE(clock_names) };

/* include/uapi/asm-generic/siginfo.h */
static const struct name notify_names[] = {
	{ 0, "SIGEV_SIGNAL" }, { 1, "SIGEV_NONE" }, { 2, "SIGEV_THREAD" }, { 4, "SIGEV_THREAD_ID" },
};
static const struct name_table notifies = { notify_names, ARRAY_SIZE(notify_names) };

#define GETTER(name)                                                                             \
	static void get_##name(const struct checkpoint *checkpoint __attribute__((unused)),      \
			       const void *row, struct arena *arena __attribute__((unused)),     \
			       struct value *ret)                                                \
	{                                                                                        \
		const struct timer *timer = row;
GETTER(clock)
	*ret = name_value(&clocks, timer->clock);
}

GETTER(clock_id)
	if (timer->clock != ABSENT_U32)
		*ret = (struct value){ .type = VALUE_INT, .integer = (int32_t)timer->clock };
}

GETTER(signal_name)
	*ret = signal_value(checkpoint, arena, timer->signal);
}

GETTER(notify)
	*ret = name_value(&notifies, timer->notify);
}

GETTER(armed)
	if (timer->remaining_ns != ABSENT_U64)
		*ret = value_bool(timer->remaining_ns != 0);
}

GETTER(absolute)
	if (timer->file_id != ABSENT_U32)
		*ret = value_bool(timer->is_absolute);
}

GETTER(value)
	if (timer->id != ABSENT_U32)
		*ret = value_number(VALUE_HEX, timer->value);
}
#undef GETTER

static const struct column columns[] = {
	{ .name = "pid", .help = "its process; of a timerfd the lowest pid that has it open",
	  COLUMN(timer, pid, U32) },
	{ .name = "kind", .help = "itimer, posix or timerfd", COLUMN(timer, kind, NAME) },
	{ .name = "name", .help = "of an itimer: real, virtual, prof", COLUMN(timer, name, NAME) },
	{ .name = "id", .help = "of a posix timer: what timer_create(2) gave",
	  COLUMN(timer, id, U32) },
	{ .name = "file_id", .help = "of a timerfd: its file.id", COLUMN(timer, file_id, U32) },
	{ .name = "clock", .help = "CLOCK_*; of an itimer the name says it",
	  COMPUTED(TEXT, get_clock) },
	{ .name = "clock_id", .help = "number of that clock", .detail = true,
	  COMPUTED(INT, get_clock_id) },
	{ .name = "armed", .help = "it will go off; null: that is not known", COMPUTED(BOOL, get_armed) },
	{ .name = "absolute", .help = "set for a moment of its clock; null: not recorded",
	  .detail = true, COMPUTED(BOOL, get_absolute) },
	{ .name = "remaining_ns", .help = "time until it goes off, in nanoseconds; 0: not armed",
	  .unit = "ns", COLUMN(timer, remaining_ns, U64) },
	{ .name = "interval_ns", .help = "time between later runs, in nanoseconds; 0: none",
	  .unit = "ns", COLUMN(timer, interval_ns, U64) },
	{ .name = "signal", .help = "that a posix timer sends", .detail = true,
	  COLUMN(timer, signal, U32) },
	{ .name = "signal_name", .help = "the name of that signal",
	  COMPUTED(TEXT, get_signal_name) },
	{ .name = "notify", .help = "of a posix timer: SIGEV_*", .detail = true,
	  COMPUTED(TEXT, get_notify) },
	{ .name = "notify_tid", .help = "the thread that gets the signal", .detail = true,
	  COLUMN(timer, notify_tid, U32) },
	{ .name = "value", .help = "that the signal brings: sival_ptr", .detail = true,
	  COMPUTED(HEX, get_value) },
	{ .name = "missed", .help = "overruns of a posix timer, unread ticks of a timerfd",
	  .detail = true, COLUMN(timer, missed, U64) },
};

const struct table table_timer = {
	.name = "timer",
	.plural = "timers",
	.help = "a timer; of a task's three interval timers those that were set",
	.key = "pid kind name id clock",
	.noise = "file_id remaining_ns",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_timer,
};
