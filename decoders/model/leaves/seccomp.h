/* Seccomp filters, and the BPF instructions they are made of. */
#pragma once

#include "decoders/model/leaf.h"

struct seccomp {
	struct origin origin;
	uint32_t id;       /* its place in seccomp.img, from 0: thread.seccomp_filter */
	uint32_t previous; /* id of the filter that was there when it was added; ABSENT_U32: none */
	uint32_t flags;    /* SECCOMP_FILTER_FLAG_* */
	uint32_t threads;  /* that name it as their last; those below it hold for them too */
	uint32_t n_instructions;
	struct bytes actions; /* what it can return: "allow,errno(1)" */
};

struct seccomp_code {
	struct origin origin;
	uint32_t filter_id, line; /* both from 0 */
	uint32_t code, jt, jf, k; /* struct sock_filter of include/uapi/linux/filter.h */
};

extern const struct leaf leaf_seccomp, leaf_seccomp_code;

/* What a filter's answer does: "allow", "errno(1)". */
const char *seccomp_action(struct arena *arena, uint32_t answer);
