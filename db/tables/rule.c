#include "db/tables/words.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/rule.h"

/* include/uapi/linux/fib_rules.h, in the words of ip(8) */
static const struct name action_names[] = {
	{ 0, "unspec" },    { 1, "lookup" },	  { 2, "goto" },     { 3, "nop" },
	{ 6, "blackhole" }, { 7, "unreachable" }, { 8, "prohibit" },
};
static const struct name_table actions = { action_names, ARRAY_SIZE(action_names) };

static const struct name flag_names[] = {
	{ 0x1, "permanent" },	 { 0x2, "not" },	  { 0x4, "unresolved" },
	{ 0x8, "iif-detached" }, { 0x10, "oif-detached" }, { 0x10000, "find-saddr" },
};
static const struct name_table flags = { flag_names, ARRAY_SIZE(flag_names) };

#define GETTER(name)                                                                             \
	static void get_##name(const struct checkpoint *checkpoint __attribute__((unused)),      \
			       const void *row, struct arena *arena, struct value *ret)          \
	{                                                                                        \
		const struct rule *rule = row;
GETTER(action)
	*ret = named_value(arena, &actions, rule->action);
}

GETTER(table_name)
	*ret = named_value(arena, &names_route_table, rule->table);
}

GETTER(protocol)
	*ret = named_value(arena, &names_route_protocol, rule->protocol);
}

GETTER(flag_names)
	*ret = mask_value(arena, &flags, rule->flags);
}

GETTER(tunnel_id)
	(void)arena;
	if (rule->tunnel_id != 0 && rule->tunnel_id != ABSENT_U64)
		*ret = value_number(VALUE_UINT, rule->tunnel_id);
}
#undef GETTER

static const struct column columns[] = {
	{ .name = "ns_id", .help = "CRIU's id of its network namespace", COLUMN(rule, ns_id, U32) },
	{ .name = "family", .help = "inet or inet6", COLUMN(rule, family, NAME) },
	{ .name = "priority", .help = "the lowest is asked first", COLUMN(rule, priority, U32) },
	{ .name = "inverted", .help = "it is for what does not fit", COLUMN(rule, is_inverted, BOOL) },
	{ .name = "src", .help = "prefix of the source; null: any", COLUMN(rule, src, BYTES) },
	{ .name = "dst", .help = "prefix of the destination; null: any", COLUMN(rule, dst, BYTES) },
	{ .name = "fwmark", .help = "firewall mark; null: any", COLUMN(rule, fwmark, HEX32) },
	{ .name = "fwmask", .help = "bits of the mark that count", .detail = true,
	  COLUMN(rule, fwmask, HEX32) },
	{ .name = "iif", .help = "device that it came in by; null: any", COLUMN(rule, iif, BYTES) },
	{ .name = "oif", .help = "device that its socket is bound to; null: any",
	  COLUMN(rule, oif, BYTES) },
	{ .name = "action", .help = "lookup, goto, nop, blackhole, unreachable, prohibit",
	  COMPUTED(TEXT, get_action) },
	{ .name = "table_id", .help = "number of the routing table that is looked up",
	  .detail = true, COLUMN(rule, table, U32) },
	{ .name = "table_name", .help = "main, local, default, or the number",
	  COMPUTED(TEXT, get_table_name) },
	{ .name = "target", .help = "priority of the rule to go on at", .detail = true,
	  COLUMN(rule, target, U32) },
	{ .name = "protocol", .help = "who made it: kernel, boot, static, ...",
	  COMPUTED(TEXT, get_protocol) },
	{ .name = "tos", .help = "type of service; 0: any", .detail = true,
	  COLUMN(rule, tos, HEX32) },
	{ .name = "ip_proto", .help = "number of the IP protocol; null: any", .detail = true,
	  COLUMN(rule, ip_proto, U32) },
	{ .name = "sport", .help = "source port, or a range; null: any", .detail = true,
	  COLUMN(rule, sport, BYTES) },
	{ .name = "dport", .help = "destination port, or a range; null: any", .detail = true,
	  COLUMN(rule, dport, BYTES) },
	{ .name = "uid_range", .help = "user ids of the socket's owner; null: any", .detail = true,
	  COLUMN(rule, uid_range, BYTES) },
	{ .name = "suppress_prefixlen",
	  .help = "routes with a prefix of that length or less do not count; null: all do",
	  .unit = "bits", .detail = true, COLUMN(rule, suppress_prefixlen, U32) },
	{ .name = "suppress_ifgroup", .help = "routes by devices of that group do not count",
	  .detail = true, COLUMN(rule, suppress_ifgroup, U32) },
	{ .name = "l3mdev", .help = "the table is that of the device's VRF", .detail = true,
	  COLUMN(rule, is_l3mdev, BOOL) },
	{ .name = "tunnel_id", .help = "of the tunnel it came by; null: any", .detail = true,
	  COMPUTED(UINT, get_tunnel_id) },
	{ .name = "flags", .help = "FIB_RULE_ flags", .detail = true, COLUMN(rule, flags, HEX32) },
	{ .name = "flag_names", .help = "the names of those flags", .detail = true,
	  COMPUTED(TEXT, get_flag_names) },
};

const struct table table_rule = {
	.name = "rule",
	.help = "a rule that chooses a routing table",
	.key = "family priority src dst fwmark table_id action",
	.noise = "ns_id",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_rule,
};
