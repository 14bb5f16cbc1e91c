/* Signals that were sent and have not arrived. */
#pragma once

#include "decoders/model/leaf.h"

struct signal {
	struct origin origin;
	uint32_t pid, tid;   /* tid ABSENT_U32: sent to the process, any thread may take it */
	uint32_t signal;
	int32_t code, error; /* si_code, si_errno */
	/* What siginfo_t holds for this signal and code; the rest is absent. */
	uint32_t sender_pid, sender_uid;
	uint32_t timer_id, overrun;
	uint32_t status;     /* of a child, as waitid(2) has it */
	uint32_t fd;         /* of SIGIO */
	uint32_t syscall;    /* of SIGSYS */
	bool has_value;
	uint64_t value;      /* that came with it: si_ptr */
	int32_t value_int;   /* the same bytes as si_int */
	uint64_t address;    /* of a fault, or of the call that SIGSYS is about */
};

extern const struct leaf leaf_signal;
