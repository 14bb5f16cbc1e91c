/* Rules: rule-N, what the kernel answers to RTM_GETRULE (include/uapi/linux/fib_rules.h). */
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "decoders/model/leaves/netlink_rows.h"
#include "decoders/model/leaves/rule.h"

/* "FIRST-LAST" of two numbers, "FIRST" where they are the same. */
static struct bytes range_text(struct checkpoint *checkpoint, uint32_t first, uint32_t last)
{
	return bytes_of(first == last ? arena_printf(&checkpoint->arena, "%u", first)
				      : arena_printf(&checkpoint->arena, "%u-%u", first, last));
}

static struct bytes port_range(const struct netlink_row *row, unsigned number)
{
	struct cursor cursor;
	uint16_t first, last;

	if (!netlink_structure(&row->attributes, number, 4, &cursor) || !cursor_u16(&cursor, &first) ||
	    !cursor_u16(&cursor, &last))
		return NO_BYTES;
	return range_text(row->checkpoint, first, last);
}

static struct bytes uid_range(const struct netlink_row *row)
{
	struct cursor cursor;
	uint32_t first, last;

	if (!netlink_structure(&row->attributes, FRA_UID_RANGE, 8, &cursor) ||
	    !cursor_u32(&cursor, &first) || !cursor_u32(&cursor, &last))
		return NO_BYTES;
	return range_text(row->checkpoint, first, last);
}

/* The table in the header has 8 bits; what does not fit is in FRA_TABLE. */
static void take_action(const struct netlink_row *row, struct rule *rule)
{
	uint32_t table = netlink_u32(&row->attributes, FRA_TABLE);

	rule->action = row->header.data[7];
	rule->table = ABSENT_U32;
	rule->target = ABSENT_U32;
	if (rule->action == FR_ACT_TO_TBL)
		rule->table = table == ABSENT_U32 ? row->header.data[4] : table;
	if (rule->table == RT_TABLE_UNSPEC)
		rule->table = ABSENT_U32; /* the device says which */
	if (rule->action == FR_ACT_GOTO)
		rule->target = netlink_u32(&row->attributes, FRA_GOTO);
}

static void take(const struct netlink_row *row)
{
	const struct netlink_attributes *attributes = &row->attributes;
	struct cursor cursor = cursor_over(bytes_from(row->header, 8),
					   attributes->netlink->big_endian);
	struct rule *rule = leaf_add(row->checkpoint, row->rows);

	*rule = (struct rule){
		.origin = row->origin,
		.ns_id = row->ns_id,
		.family = netlink_family(row->checkpoint, row->header.data[0]),
		.dst = netlink_prefix(row->checkpoint, attributes->values[FRA_DST], row->header.data[1]),
		.src = netlink_prefix(row->checkpoint, attributes->values[FRA_SRC], row->header.data[2]),
		.tos = row->header.data[3],
		.priority = attributes->values[FRA_PRIORITY].data ? netlink_u32(attributes, FRA_PRIORITY)
								  : 0,
		.iif = netlink_copy(row, FRA_IIFNAME), .oif = netlink_copy(row, FRA_OIFNAME),
		.fwmark = netlink_u32(attributes, FRA_FWMARK),
		.fwmask = netlink_u32(attributes, FRA_FWMASK),
		.protocol = netlink_u8(attributes, FRA_PROTOCOL),
		.ip_proto = netlink_u8(attributes, FRA_IP_PROTO),
		.sport = port_range(row, FRA_SPORT_RANGE), .dport = port_range(row, FRA_DPORT_RANGE),
		.uid_range = uid_range(row),
		.suppress_prefixlen = netlink_u32(attributes, FRA_SUPPRESS_PREFIXLEN),
		.suppress_ifgroup = netlink_u32(attributes, FRA_SUPPRESS_IFGROUP),
		.is_l3mdev = attributes->values[FRA_L3MDEV].len && netlink_u8(attributes, FRA_L3MDEV),
		.tunnel_id = netlink_be64(attributes, FRA_TUN_ID),
	};
	if (!cursor_u32(&cursor, &rule->flags))
		rule->flags = 0;
	rule->is_inverted = rule->flags & FIB_RULE_INVERT;
	take_action(row, rule);
}

const struct netlink_source netlink_rules = {
	.kind = "RULE", .magic = NETLINK_MAGIC_RULE,
	.types = { RTM_NEWRULE, RTM_NEWRULE },
	.header = sizeof(struct fib_rule_hdr),
	.take = take,
};

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	netlink_rows(checkpoint, rows, &netlink_rules, NULL);
}

const struct leaf leaf_rule = {
	.name = "rule",
	.row_size = sizeof(struct rule),
	.needs = PART_INVENTORY,
	.load = load,
};
