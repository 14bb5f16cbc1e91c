#include "db/tables/words.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/route.h"

/* include/uapi/linux/rtnetlink.h, in the words of ip(8) */
static const struct name type_names[] = {
	{ 0, "unspec" },      { 1, "unicast" },	  { 2, "local" },    { 3, "broadcast" },
	{ 4, "anycast" },     { 5, "multicast" }, { 6, "blackhole" }, { 7, "unreachable" },
	{ 8, "prohibit" },    { 9, "throw" },	  { 10, "nat" },     { 11, "xresolve" },
};
static const struct name_table types = { type_names, ARRAY_SIZE(type_names) };

static const struct name flag_names[] = {
	{ 0x1, "dead" },     { 0x2, "pervasive" },   { 0x4, "onlink" },  { 0x8, "offload" },
	{ 0x10, "linkdown" }, { 0x20, "unresolved" }, { 0x40, "trap" },	 { 0x100, "notify" },
	{ 0x200, "cloned" }, { 0x800, "prefix" },    { 0x4000, "rt_offload" },
	{ 0x8000, "rt_trap" }, { 0x20000000, "rt_offload_failed" },
};
static const struct name_table flags = { flag_names, ARRAY_SIZE(flag_names) };

/* include/uapi/linux/icmpv6.h */
static const struct name preference_names[] = { { 0, "medium" }, { 1, "high" }, { 3, "low" } };
static const struct name_table preferences = { preference_names, ARRAY_SIZE(preference_names) };

#define GETTER(name)                                                                             \
	static void get_##name(const struct checkpoint *checkpoint __attribute__((unused)),      \
			       const void *row, struct arena *arena, struct value *ret)          \
	{                                                                                        \
		const struct route *route = row;
GETTER(type)
	*ret = named_value(arena, &types, route->type);
}

GETTER(table_name)
	*ret = named_value(arena, &names_route_table, route->table);
}

GETTER(protocol)
	*ret = named_value(arena, &names_route_protocol, route->protocol);
}

GETTER(scope)
	*ret = named_value(arena, &names_route_scope, route->scope);
}

GETTER(flag_names)
	*ret = mask_value(arena, &flags, route->flags);
}

GETTER(preference)
	*ret = named_value(arena, &preferences, route->preference);
}
#undef GETTER

static const struct column columns[] = {
	{ .name = "ns_id", .help = "CRIU's id of its network namespace",
	  COLUMN(route, ns_id, U32) },
	{ .name = "family", .help = "inet or inet6", COLUMN(route, family, NAME) },
	{ .name = "type", .help = "unicast, local, blackhole, ...", COMPUTED(TEXT, get_type) },
	{ .name = "dst", .help = "where to: a prefix, or default", COLUMN(route, dst, BYTES) },
	{ .name = "gateway", .help = "the next hop; null: none, or several",
	  COLUMN(route, gateway, BYTES) },
	{ .name = "device", .help = "name of the device; null: none, or netdev has none of that number",
	  COLUMN(route, device, BYTES) },
	{ .name = "ifindex", .help = "number of that device", .detail = true,
	  COLUMN(route, ifindex, U32) },
	{ .name = "nexthops", .help = "of several next hops each: via, dev, weight",
	  COLUMN(route, nexthops, STRINGS) },
	{ .name = "preferred_src", .help = "source address of what goes this way",
	  COLUMN(route, preferred_src, BYTES) },
	{ .name = "metric", .help = "the lowest is taken", COLUMN(route, metric, U32) },
	{ .name = "table_id", .help = "number of its routing table", .detail = true,
	  COLUMN(route, table, U32) },
	{ .name = "table_name", .help = "main, local, default, or the number",
	  COMPUTED(TEXT, get_table_name) },
	{ .name = "protocol", .help = "who made it: kernel, boot, static, ra, ...",
	  COMPUTED(TEXT, get_protocol) },
	{ .name = "scope", .help = "global, link, host, ...", COMPUTED(TEXT, get_scope) },
	{ .name = "src", .help = "prefix that the source must be of; null: any", .detail = true,
	  COLUMN(route, src, BYTES) },
	{ .name = "tos", .help = "type of service it is for; 0: any", .detail = true,
	  COLUMN(route, tos, HEX32) },
	{ .name = "flags", .help = "RTNH_F_ and RTM_F_ flags", .detail = true,
	  COLUMN(route, flags, HEX32) },
	{ .name = "flag_names", .help = "the names of those flags", .detail = true,
	  COMPUTED(TEXT, get_flag_names) },
	{ .name = "metrics", .help = "mtu, advmss and the like, as ip(8) shows them", .detail = true,
	  COLUMN(route, metrics, BYTES) },
	{ .name = "preference", .help = "of an IPv6 router: low, medium, high", .detail = true,
	  COMPUTED(TEXT, get_preference) },
	{ .name = "expires_s", .help = "seconds until it goes; null: it stays", .unit = "s",
	  .detail = true, COLUMN(route, expires_s, U32) },
	{ .name = "mark", .help = "firewall mark it is for", .detail = true,
	  COLUMN(route, mark, HEX32) },
	{ .name = "nexthop_id", .help = "number of a next hop that is an object of its own",
	  .detail = true, COLUMN(route, nexthop_id, U32) },
	{ .name = "encap", .help = "LWTUNNEL_ENCAP_*: how packets are wrapped; null: not",
	  .detail = true, COLUMN(route, encap, U32) },
};

const struct table table_route = {
	.name = "route",
	.plural = "routes",
	.help = "a route of a network namespace",
	.key = "family dst gateway device table_id metric",
	.noise = "ns_id ifindex expires_s nexthop_id",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_route,
};
