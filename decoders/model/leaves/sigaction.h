/* What tasks do with signals. */
#pragma once

#include "decoders/model/leaf.h"

struct sigaction_row {
	struct origin origin;
	uint32_t pid;
	uint32_t signal;
	const char *action;  /* default, ignore, handler */
	uint64_t handler;    /* address, or ABSENT_U64: no function is called */
	uint64_t flags;      /* SA_* */
	uint64_t mask;       /* signals blocked meanwhile: bit N-1 is signal N */
	uint64_t mask_extended; /* of signals 65 to 128, on MIPS; else ABSENT_U64 */
	uint64_t restorer;   /* address */
	bool compat;         /* of a 32-bit task on a 64-bit kernel */
};

extern const struct leaf leaf_sigaction;
