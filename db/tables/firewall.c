#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/firewall.h"

static const struct column columns[] = {
	{ .name = "ns_id", .help = "CRIU's id of its network namespace",
	  COLUMN(firewall, ns_id, U32) },
	{ .name = "tool", .help = "iptables, ip6tables or nft", COLUMN(firewall, tool, NAME) },
	{ .name = "family", .help = "ip, ip6, inet, arp, bridge, netdev",
	  COLUMN(firewall, family, BYTES) },
	{ .name = "table_name", .help = "its table", COLUMN(firewall, table, BYTES) },
	{ .name = "chain", .help = "its chain, or the set, map or other object it is of",
	  COLUMN(firewall, chain, BYTES) },
	{ .name = "kind",
	  .help = "table, chain, rule, hook, set, map, elements, property, comment, ... "
		  "null: it cannot be told",
	  COLUMN(firewall, kind, BYTES) },
	{ .name = "position", .help = "of a rule in its chain, from 1",
	  COLUMN(firewall, position, U32) },
	{ .name = "policy", .help = "of a chain or hook: what becomes of the rest",
	  COLUMN(firewall, policy, BYTES) },
	{ .name = "packets", .help = "counted; null: not counted", COLUMN(firewall, packets, U64) },
	{ .name = "bytes", .help = "counted; null: not counted", .unit = "bytes", .detail = true,
	  COLUMN(firewall, bytes, U64) },
	{ .name = "text", .help = "the statement as it is written", COLUMN(firewall, text, BYTES) },
	{ .name = "line", .help = "line of the image, from 1", .detail = true,
	  COLUMN(firewall, line, U32) },
};

const struct table table_firewall = {
	.name = "firewall",
	.help = "a statement of a rule set: a rule, a chain, a set, ...",
	.key = "tool family table_name chain text",
	.noise = "ns_id position packets bytes line",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_firewall,
};
