/* Routes: route-N and route6-N, what the kernel answers to RTM_GETROUTE (include/uapi/linux/rtnetlink.h). */
#include <linux/rtnetlink.h>

#include "decoders/base/size.h"
#include "decoders/model/leaves/netlink_rows.h"
#include "decoders/model/leaves/route.h"

/* --- metrics ------------------------------------------------------------------------------ */

/* As ip(8) names them; some are kept in parts of what they are shown in. */
static const struct {
	const char *name;
	unsigned parts;
	const char *unit;
} metric_names[] = {
	[RTAX_MTU] = { "mtu", 1, "" },
	[RTAX_WINDOW] = { "window", 1, "" },
	[RTAX_RTT] = { "rtt", 8, "ms" },
	[RTAX_RTTVAR] = { "rttvar", 4, "ms" },
	[RTAX_SSTHRESH] = { "ssthresh", 1, "" },
	[RTAX_CWND] = { "cwnd", 1, "" },
	[RTAX_ADVMSS] = { "advmss", 1, "" },
	[RTAX_REORDERING] = { "reordering", 1, "" },
	[RTAX_HOPLIMIT] = { "hoplimit", 1, "" },
	[RTAX_INITCWND] = { "initcwnd", 1, "" },
	[RTAX_FEATURES] = { "features", 1, "" },
	[RTAX_RTO_MIN] = { "rto_min", 1, "ms" },
	[RTAX_INITRWND] = { "initrwnd", 1, "" },
	[RTAX_QUICKACK] = { "quickack", 1, "" },
	[RTAX_CC_ALGO] = { "congctl", 0, "" },
	[RTAX_FASTOPEN_NO_COOKIE] = { "fastopen_no_cookie", 1, "" },
};

static void put_metric(const struct netlink_attributes *metrics, unsigned number, bool is_locked,
		       struct out *out)
{
	out_printf(out, "%s%s%s ", out->len ? " " : "", metric_names[number].name,
		   is_locked ? " lock" : "");
	if (number == RTAX_FEATURES && netlink_u32(metrics, number) == RTAX_FEATURE_ECN)
		out_text(out, "ecn");
	else if (number == RTAX_CC_ALGO)
		out_bytes(out, netlink_text(metrics, number));
	else if (number == RTAX_FEATURES)
		out_hex(out, netlink_u32(metrics, number));
	else
		out_printf(out, "%u%s", netlink_u32(metrics, number) / metric_names[number].parts,
			   metric_names[number].unit);
}

static struct bytes metrics_text(const struct netlink_row *row)
{
	struct bytes value = row->attributes.values[RTA_METRICS], text;
	struct netlink_attributes metrics;
	uint32_t locked;
	struct out out;

	if (!value.data || !netlink_nested(&row->attributes, value, &metrics))
		return NO_BYTES;
	locked = metrics.values[RTAX_LOCK].data ? netlink_u32(&metrics, RTAX_LOCK) : 0;
	out_init(&out, -1);
	for (unsigned i = 0; i < ARRAY_SIZE(metric_names); i++)
		if (metric_names[i].name && metrics.values[i].data)
			put_metric(&metrics, i, locked & 1u << i, &out);
	text = netlink_collected(row->checkpoint, &out);
	out_deinit(&out);
	return text;
}

/* --- next hops ---------------------------------------------------------------------------- */

/* The address of a gateway; RTA_VIA has one of another family behind two bytes that say which. */
static struct bytes gateway(const struct netlink_attributes *attributes)
{
	struct bytes via = attributes->values[RTA_VIA];

	if (attributes->values[RTA_GATEWAY].data || !via.data)
		return attributes->values[RTA_GATEWAY];
	return bytes_from(via, 2);
}

static void put_nexthop(const struct netlink_row *row, const struct netlink_attributes *attributes,
			uint32_t ifindex, unsigned weight, struct out *out)
{
	struct bytes via = gateway(attributes), device = netlink_device(row, ifindex);

	if (via.data) {
		out_text(out, "via ");
		netlink_put_address(via, out);
		out_char(out, ' ');
	}
	if (device.data) {
		out_text(out, "dev ");
		out_bytes(out, device);
	} else {
		out_printf(out, "dev if%u", ifindex);
	}
	out_printf(out, " weight %u", weight);
	out_char(out, '\0');
}

/* struct rtnexthop and its attributes; false, told, where they do not fit. */
static bool take_nexthop(const struct netlink_row *row, struct cursor *cursor, struct out *out)
{
	enum { HEADER = 8, WEIGHT = 3 };
	const uint8_t *start = cursor->pos;
	struct netlink_attributes attributes;
	size_t left = cursor_left(cursor);
	uint16_t length = 0, flags;
	struct bytes rest, padding;
	uint32_t ifindex;

	if (!cursor_u16(cursor, &length) || !cursor_u16(cursor, &flags) ||
	    !cursor_u32(cursor, &ifindex) || length < HEADER ||
	    !cursor_take(cursor, length - HEADER, &rest)) {
		netlink_problem(row->attributes.netlink, row->attributes.message, start,
				error_new(ERROR_DAMAGED, "length %u of a next hop, %zu left", length,
					  left));
		return false;
	}
	if (!cursor_take(cursor, -(unsigned)length % RTNH_ALIGNTO, &padding))
		cursor->pos = cursor->end;
	if (!netlink_nested(&row->attributes, rest, &attributes))
		return false;
	put_nexthop(row, &attributes, ifindex, start[WEIGHT] + 1u, out);
	return true;
}

static struct strings nexthops(const struct netlink_row *row)
{
	struct bytes value = row->attributes.values[RTA_MULTIPATH];
	struct strings hops = { 0 };
	struct cursor cursor;
	struct out out;

	if (!value.data)
		return hops;
	cursor = cursor_over(value, row->attributes.netlink->big_endian);
	out_init(&out, -1);
	while (cursor_left(&cursor) && take_nexthop(row, &cursor, &out))
		;
	hops.bytes = netlink_collected(row->checkpoint, &out);
	out_deinit(&out);
	return hops;
}

/* --- routes ------------------------------------------------------------------------------- */

static struct bytes destination(const struct netlink_row *row)
{
	struct bytes address = row->attributes.values[RTA_DST];
	uint8_t length = row->header.data[1];

	if (address.data)
		return netlink_prefix(row->checkpoint, address, length);
	if (length == 0)
		return BYTES("default");
	return bytes_of(arena_printf(&row->checkpoint->arena, "0/%u", length));
}

/* rta_expires, the third word of RTA_CACHEINFO, in the hundredths of a second that all machines show. */
static uint32_t expires(const struct netlink_row *row)
{
	uint32_t ignored, ticks;
	struct cursor cursor;

	if (!netlink_structure(&row->attributes, RTA_CACHEINFO, 12, &cursor) ||
	    !cursor_u32(&cursor, &ignored) || !cursor_u32(&cursor, &ignored) ||
	    !cursor_u32(&cursor, &ticks) || ticks == 0)
		return ABSENT_U32;
	return ticks / 100;
}

static uint32_t table_of(const struct netlink_row *row)
{
	uint32_t table = netlink_u32(&row->attributes, RTA_TABLE);

	return table == ABSENT_U32 ? row->header.data[4] : table;
}

static void take(const struct netlink_row *row)
{
	const struct netlink_attributes *attributes = &row->attributes;
	const uint8_t *header = row->header.data;
	struct cursor cursor = cursor_over(bytes_from(row->header, 8),
					   attributes->netlink->big_endian);
	struct route *route = leaf_add(row->checkpoint, row->rows);
	struct bytes preferred = attributes->values[RTA_PREFSRC];

	*route = (struct route){
		.origin = row->origin,
		.ns_id = row->ns_id,
		.family = netlink_family(row->checkpoint, header[0]),
		.dst = destination(row),
		.src = netlink_prefix(row->checkpoint, attributes->values[RTA_SRC], header[2]),
		.tos = header[3], .table = table_of(row), .protocol = header[5],
		.scope = header[6], .type = header[7],
		.gateway = netlink_address(row->checkpoint, gateway(attributes)),
		.ifindex = netlink_u32(attributes, RTA_OIF),
		.metric = netlink_u32(attributes, RTA_PRIORITY),
		.preferred_src = netlink_address(row->checkpoint, preferred),
		.nexthops = nexthops(row),
		.metrics = metrics_text(row),
		.preference = netlink_u8(attributes, RTA_PREF),
		.expires_s = expires(row),
		.mark = netlink_u32(attributes, RTA_MARK),
		.nexthop_id = netlink_u32(attributes, RTA_NH_ID),
		.encap = netlink_u16(attributes, RTA_ENCAP_TYPE),
	};
	if (!cursor_u32(&cursor, &route->flags))
		route->flags = 0;
	if (route->ifindex != ABSENT_U32)
		route->device = netlink_device(row, route->ifindex);
}

const struct netlink_source netlink_routes = {
	.kind = "ROUTE", .magic = NETLINK_MAGIC_ROUTE,
	.types = { RTM_NEWROUTE, RTM_NEWROUTE },
	.header = sizeof(struct rtmsg),
	.take = take,
};

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct netlink_source ipv6 = netlink_routes;

	ipv6.kind = "ROUTE6";
	netlink_rows(checkpoint, rows, &netlink_routes, NULL);
	netlink_rows(checkpoint, rows, &ipv6, NULL);
}

const struct leaf leaf_route = {
	.name = "route",
	.row_size = sizeof(struct route),
	.needs = PART_INVENTORY,
	.load = load,
};
