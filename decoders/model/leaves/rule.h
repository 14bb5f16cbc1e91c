/* Rules that choose a routing table, of every network namespace in the checkpoint. */
#pragma once

#include "decoders/model/leaf.h"

struct rule {
	struct origin origin; /* entry: the number of the message */
	uint32_t ns_id;
	const char *family;   /* inet, inet6 */
	uint32_t priority;
	struct bytes src, dst;         /* prefixes; absent: any */
	struct bytes iif, oif;         /* names of devices */
	uint32_t fwmark, fwmask;       /* ABSENT_U32: none */
	uint32_t tos;
	uint32_t action;               /* FR_ACT_* */
	uint32_t table;                /* of FR_ACT_TO_TBL, else ABSENT_U32 */
	uint32_t target;               /* priority of the rule to go on at, of FR_ACT_GOTO */
	uint32_t protocol;             /* who made it: RTPROT_* */
	uint32_t ip_proto;
	struct bytes sport, dport, uid_range; /* "FIRST-LAST" */
	uint32_t suppress_prefixlen, suppress_ifgroup; /* ABSENT_U32: none */
	bool is_inverted, is_l3mdev;
	uint64_t tunnel_id;
	uint32_t flags;                /* FIB_RULE_* */
};

extern const struct leaf leaf_rule;
