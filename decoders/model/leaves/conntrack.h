/* What the firewall's connection tracking knows, of every network namespace in the checkpoint. */
#pragma once

#include "decoders/model/leaf.h"

/* One direction. What the protocol has not is ABSENT_U32. */
struct conntrack_tuple {
	struct bytes src, dst;
	uint32_t protocol; /* IPPROTO_* */
	uint32_t sport, dport;
	uint32_t icmp_type, icmp_code, icmp_id;
};

struct conntrack {
	struct origin origin; /* entry: the number of the message */
	uint32_t ns_id;
	bool is_expectation;  /* a connection that is announced by another, and not there yet */
	const char *family;   /* inet, inet6 */
	struct conntrack_tuple original, reply; /* of an expectation the first */
	uint32_t state;       /* TCP_CONNTRACK_* and the like, by protocol */
	uint32_t timeout_s;   /* seconds until it is forgotten */
	uint32_t status;      /* IPS_* */
	uint32_t mark, zone, id, use;
	struct bytes helper, secctx;
	uint64_t original_packets, original_bytes, reply_packets, reply_bytes; /* ABSENT_U64 */
	uint64_t started_ns, stopped_ns; /* of the clock of the day; ABSENT_U64: not recorded */
	struct bytes master;  /* of what was expected: the tuple that announced it */
	struct bytes mask;    /* of an expectation: bits of the tuple that count */
	uint32_t expect_flags, expect_class;
};

extern const struct leaf leaf_conntrack;
