/* Routes, of every network namespace in the checkpoint. */
#pragma once

#include "decoders/model/leaf.h"

struct route {
	struct origin origin; /* entry: the number of the message */
	uint32_t ns_id;
	const char *family;   /* inet, inet6 */
	struct bytes dst, src;         /* a prefix; dst "default"; absent src: any */
	uint32_t type;                 /* RTN_* */
	uint32_t table;                /* RT_TABLE_*, or a number */
	uint32_t protocol;             /* who made it: RTPROT_* */
	uint32_t scope, tos, flags;
	struct bytes gateway;
	uint32_t ifindex;
	struct bytes device;           /* absent: none, or netdev-N.img has no such device */
	uint32_t metric;               /* ABSENT_U32: none */
	struct bytes preferred_src;
	struct strings nexthops;       /* of several: "via ADDRESS dev NAME weight N"; absent: one */
	struct bytes metrics;          /* "mtu 1400 advmss 1360" */
	uint32_t preference;           /* of IPv6 routers: ICMPV6_ROUTER_PREF_*, or ABSENT_U32 */
	uint32_t expires_s;            /* seconds; ABSENT_U32: never */
	uint32_t mark, nexthop_id, encap; /* ABSENT_U32: none */
};

extern const struct leaf leaf_route;
