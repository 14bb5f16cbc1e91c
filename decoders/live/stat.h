/* /proc/PID/stat: one line, with a name in it that may hold anything. */
#pragma once

#include "decoders/live/state.h"

struct task_stat {
	struct bytes comm; /* only with a member */
	char state;
	uint32_t ppid, pgid, sid;
	uint32_t tty;      /* the kernel's form of its controlling terminal's device; 0: none */
	uint32_t flags;    /* PF_* */
	uint64_t started;  /* ticks after boot */
	uint64_t start_stack, arg_start, arg_end, env_start, env_end;
	uint32_t rt_priority, policy;
	int32_t nice;
	uint32_t exit_code; /* ABSENT_U32: not shown */
};

/*
 * Of PID/NAME ("stat", "task/7/stat"); false where it cannot be read, or is no such line. RET_MEMBER: of the
 * source; NULL where nobody will refer to it.
 */
bool stat_read(struct live *live, uint32_t pid, const char *name, struct task_stat *ret, uint32_t *ret_member);
