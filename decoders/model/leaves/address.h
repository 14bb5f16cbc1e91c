/* Network addresses, of every network namespace in the checkpoint. */
#pragma once

#include "decoders/model/leaf.h"

struct address {
	struct origin origin; /* entry: the number of the message */
	uint32_t ns_id, ifindex;
	const char *family;   /* inet, inet6 */
	struct bytes device;  /* absent: netdev-N.img has no such device */
	struct bytes address;
	uint32_t prefix_len;
	struct bytes peer;    /* of a link with two ends; else absent */
	struct bytes broadcast, anycast, label;
	uint32_t scope, flags;
	uint32_t valid_s, preferred_s;     /* seconds; ABSENT_U32: forever */
	uint64_t created_ms, changed_ms;   /* milliseconds after the machine started; ABSENT_U64 */
	uint32_t protocol;                 /* IFAPROT_*, or ABSENT_U32 */
	uint32_t metric;                   /* of the route to the prefix, or ABSENT_U32 */
};

extern const struct leaf leaf_address;
