/* The firewall's rule sets as iptables-save and nft wrote them, statement by statement. */
#pragma once

#include "decoders/model/leaf.h"

enum { FIREWALL_MOST = 1 << 20 }; /* statements of one image that are read */

struct firewall {
	struct origin origin; /* offset: of the statement's first byte */
	uint32_t ns_id;
	uint32_t line;        /* of the image, from 1 */
	const char *tool;     /* iptables, ip6tables, nft */
	struct bytes family;  /* ip, ip6, inet, arp, bridge, netdev */
	struct bytes table;
	struct bytes chain;   /* or set, map, ...: what a statement of a table belongs to */
	struct bytes kind;    /* table, chain, rule, hook, set, elements, property, comment, ... */
	uint32_t position;    /* of a rule in its chain, from 1; ABSENT_U32: no rule */
	struct bytes policy;  /* of a chain; absent: none */
	uint64_t packets, bytes; /* counted; ABSENT_U64: not */
	struct bytes text;    /* the whole statement, without the white space around it */
};

extern const struct leaf leaf_firewall;
