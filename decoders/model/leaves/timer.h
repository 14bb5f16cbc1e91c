/* Timers: of setitimer, of timer_create, of timerfd_create. */
#pragma once

#include "decoders/model/leaf.h"

struct timer {
	struct origin origin;
	uint32_t pid;        /* timerfd: the lowest that has it open */
	const char *kind;    /* itimer, posix, timerfd */
	const char *name;    /* of an itimer: real, virtual, prof */
	uint32_t id;         /* of a posix timer */
	uint32_t file_id;    /* of a timerfd */
	uint32_t clock;      /* CLOCK_*; of an itimer the name says it */
	uint32_t signal, notify, notify_tid; /* of a posix timer */
	bool is_absolute;    /* of a timerfd: set for a moment, not for a time from then */
	uint64_t remaining_ns, interval_ns; /* 0: not armed; goes off once */
	uint64_t missed;     /* overruns of a posix timer, unread ticks of a timerfd */
	uint64_t value;      /* that the signal of a posix timer brings */
};

extern const struct leaf leaf_timer;
