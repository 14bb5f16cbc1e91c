#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/netns_id.h"

static const struct column columns[] = {
	{ .name = "ns_id", .help = "namespace.id of the one that has the number",
	  COLUMN(netns_id, ns_id, U32) },
	{ .name = "number", .help = "as ip-netns(8) list-id shows it", COLUMN(netns_id, number, I32) },
	{ .name = "target_ns_id", .help = "namespace.id of the one that it means",
	  COLUMN(netns_id, target_ns_id, U32) },
};

const struct table table_netns_id = {
	.name = "netns_id",
	.help = "the number by which a network namespace knows another",
	.key = "number",
	.noise = "ns_id target_ns_id",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_netns_id,
};
