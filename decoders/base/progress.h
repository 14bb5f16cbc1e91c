/*
 * How far long work has come, for whoever wants to show it.
 *
 * What reads a stream ticks; what shows it is set once by the program and is nobody's business here. Nothing
 * set: a tick is a comparison.
 */
#pragma once

#include <stdint.h>

struct progress {
	/* DONE bytes of TOTAL are read; TOTAL 0: unknown. Called as often as something is read. */
	void (*tick)(uint64_t done, uint64_t total);
	/* Output is about to be written: takes away what is on the screen. */
	void (*hide)(void);
};

extern _Thread_local const struct progress *progress; /* of work in this thread; NULL: nobody looks */

static inline void progress_tick(uint64_t done, uint64_t total)
{
	if (progress)
		progress->tick(done, total);
}

static inline void progress_hide(void)
{
	if (progress)
		progress->hide();
}
