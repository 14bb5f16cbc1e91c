/*
 * What commands that judge have in common: findings of several checkpoints, of which some are known already, shown in
 * whatever form is asked for, with reports beside them and a status. The invocation has a judgement (judge.h).
 */
#pragma once

#include "inspect/judge.h"

struct judging {
	struct invocation *invocation;
	const char *command; /* that judges: check, scan */
	struct arena arena;
	VEC(struct judged) judged; /* in the order in which they were looked at */
};

void judging_init(struct judging *judging, struct invocation *invocation, const char *command);
void judging_deinit(struct judging *judging);

/* The next one, without findings yet; valid until the one after it. */
struct judged *judging_next(struct judging *judging, const char *path, struct bytes name);

/*
 * Its findings are there: what is known is suppressed, and the rest decides on the status. PROBLEMS are what could not
 * be read on the way; they stay the caller's.
 */
void judging_finish(struct judging *judging, struct judged *judged, const struct problems *problems);

/* Shows all of them and writes the reports. */
struct error *judging_show(const struct judging *judging) __attribute__((warn_unused_result));
