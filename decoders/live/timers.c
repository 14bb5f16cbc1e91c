/* Timers: /proc/PID/timers of timer_create(2), fdinfo of timerfds. Those of setitimer(2) nobody can see. */
#include "decoders/base/size.h"
#include "decoders/live/details.h"
#include "decoders/live/leaves.h"
#include "decoders/live/proc.h"
#include "decoders/model/leaves/timer.h"
#include "fdinfo.pb-c.h"

#define NS_PER_S ((uint64_t)1000000000)

static struct timer new_timer(struct origin origin, const char *kind, uint32_t pid)
{
	return (struct timer){
		.origin = origin, .kind = kind, .pid = pid,
		.id = ABSENT_U32, .file_id = ABSENT_U32, .clock = ABSENT_U32,
		.signal = ABSENT_U32, .notify = ABSENT_U32, .notify_tid = ABSENT_U32,
		.remaining_ns = ABSENT_U64, .interval_ns = ABSENT_U64, .missed = ABSENT_U64, .value = ABSENT_U64,
	};
}

/* --- timer_create -------------------------------------------------------------------------------------------------- */

static const char *const notify_words[] = { "signal/", "none/", "thread/" }; /* SIGEV_SIGNAL, ... */

/* "signal: 60/00007fff86e452a8" */
static void take_signal(struct bytes text, struct timer *timer)
{
	uint64_t number;

	if (!proc_take_number(&text, 10, &number))
		return;
	timer->signal = (uint32_t)number;
	text = bytes_from(text, 1);
	if (proc_take_number(&text, 16, &number))
		timer->value = number;
}

/* "notify: signal/pid.2634" */
static void take_notify(struct bytes text, struct timer *timer)
{
	struct bytes tid = bytes_from(text, bytes_find(text, '.') + 1);
	uint64_t number;

	for (uint32_t i = 0; i < ARRAY_SIZE(notify_words); i++)
		if (bytes_start_with(text, bytes_of(notify_words[i])))
			timer->notify = i;
	if (bytes_start_with(bytes_from(text, bytes_find(text, '/') + 1), BYTES("tid.")) &&
	    proc_take_number(&tid, 10, &number))
		timer->notify_tid = (uint32_t)number;
}

static void take_line(struct live *live, struct leaf_rows *rows, struct bytes line, uint32_t pid, struct origin origin)
{
	struct timer *timer = rows->n ? (struct timer *)rows->items + rows->n - 1 : NULL;
	struct bytes text;
	uint64_t number;

	if (proc_field(line, "ID:", &text) && proc_take_number(&text, 10, &number)) {
		timer = leaf_add(live->checkpoint, rows);
		*timer = new_timer(origin, "posix", pid);
		timer->id = (uint32_t)number;
	} else if (!timer || timer->pid != pid) {
		return;
	} else if (proc_field(line, "signal:", &text)) {
		take_signal(text, timer);
	} else if (proc_field(line, "notify:", &text)) {
		take_notify(text, timer);
	} else if (proc_field(line, "ClockID:", &text)) {
		bool negative = text.len && text.data[0] == '-';

		if (negative)
			text = bytes_from(text, 1);
		if (proc_take_number(&text, 10, &number))
			timer->clock = (uint32_t)(negative ? -number : number);
	}
}

static void read_timers(struct live *live, struct leaf_rows *rows, uint32_t pid)
{
	struct proc_file file;
	struct bytes line;

	if (!proc_open(live, UNSEEN_TIMERS, pid, "timers", &file))
		return;
	while (proc_line(&file, &line))
		take_line(live, rows, line, pid, proc_origin(file.member, file.line));
	proc_close(&file);
}

/* --- timerfd ------------------------------------------------------------------------------------------------------- */

/* "it_value: (0, 49406829)" */
static uint64_t nanoseconds(struct bytes text)
{
	uint64_t seconds, fraction, sum;

	text = bytes_from(text, 1);
	if (!proc_take_number(&text, 10, &seconds))
		return ABSENT_U64;
	text = bytes_from(text, 1);
	return proc_take_number(&text, 10, &fraction) && size_mul(seconds, NS_PER_S, &sum) &&
			       size_add(sum, fraction, &sum)
		       ? sum
		       : ABSENT_U64;
}

static void take_timerfd(const struct detail_line *line, void *context)
{
	enum { ABSTIME = 1 };
	struct leaf_rows *rows = context;
	struct timer *timer;
	struct bytes text;
	uint64_t number;

	if (detail_number(line->text, "clockid:", 10, &number)) {
		timer = leaf_add(line->live->checkpoint, rows);
		*timer = new_timer(line->origin, "timerfd", line->file->first_pid);
		timer->file_id = line->file->id;
		timer->clock = (uint32_t)number;
		return;
	}
	timer = rows->n ? (struct timer *)rows->items + rows->n - 1 : NULL;
	if (!timer || timer->file_id != line->file->id)
		return;
	if (detail_number(line->text, "ticks:", 10, &number))
		timer->missed = number;
	else if (proc_field(line->text, "settime flags:", &text) && proc_take_number(&text, 8, &number))
		timer->is_absolute = number & ABSTIME;
	else if (proc_field(line->text, "it_value:", &text))
		timer->remaining_ns = nanoseconds(text);
	else if (proc_field(line->text, "it_interval:", &text))
		timer->interval_ns = nanoseconds(text);
}

void live_fill_timers(struct live *live, struct leaf_rows *rows)
{
	struct checkpoint *checkpoint = live->checkpoint;

	for (size_t i = 0; i < checkpoint->processes.n; i++)
		if (strcmp(checkpoint->processes.items[i].state, "zombie") != 0)
			read_timers(live, rows, checkpoint->processes.items[i].pid);
	details_each(live, FD_TYPES__TIMERFD, take_timerfd, rows);
}
