/*
 * Connection tracking: netns-ct-N and netns-exp-N, what ctnetlink answers
 * (include/uapi/linux/netfilter/nfnetlink_conntrack.h).
 *
 * CRIU asks for expectations with the number of the subsystem that has the connections, so what is in
 * netns-exp-N are the connections once more (criu/net.c, dump_nf_ct). The type of a message says which it is, and
 * a connection that netns-ct-N has is not shown a second time.
 */
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "decoders/base/size.h"
#include "decoders/model/leaves/conntrack.h"
#include "decoders/model/leaves/netlink_rows.h"

enum {
	NEW_CONNECTION = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW,
	NEW_EXPECTATION = NFNL_SUBSYS_CTNETLINK_EXP << 8 | IPCTNL_MSG_EXP_NEW,
};

/* --- tuples ------------------------------------------------------------------------------- */

static uint32_t first_u16(const struct netlink_attributes *attributes, unsigned a, unsigned b)
{
	return netlink_be16(attributes, attributes->values[a].data ? a : b);
}

static uint32_t first_u8(const struct netlink_attributes *attributes, unsigned a, unsigned b)
{
	return netlink_u8(attributes, attributes->values[a].data ? a : b);
}

static struct bytes first_address(struct checkpoint *checkpoint,
				  const struct netlink_attributes *attributes, unsigned a, unsigned b)
{
	return netlink_address(checkpoint, attributes->values[attributes->values[a].data ? a : b]);
}

static struct conntrack_tuple take_tuple(const struct netlink_row *row, unsigned number)
{
	struct conntrack_tuple tuple = { .protocol = ABSENT_U32, .sport = ABSENT_U32,
					 .dport = ABSENT_U32, .icmp_type = ABSENT_U32,
					 .icmp_code = ABSENT_U32, .icmp_id = ABSENT_U32 };
	struct bytes value = row->attributes.values[number];
	struct netlink_attributes parts, ip, proto;

	if (!value.data || !netlink_nested(&row->attributes, value, &parts))
		return tuple;
	if (netlink_nested(&parts, parts.values[CTA_TUPLE_IP], &ip)) {
		tuple.src = first_address(row->checkpoint, &ip, CTA_IP_V4_SRC, CTA_IP_V6_SRC);
		tuple.dst = first_address(row->checkpoint, &ip, CTA_IP_V4_DST, CTA_IP_V6_DST);
	}
	if (netlink_nested(&parts, parts.values[CTA_TUPLE_PROTO], &proto)) {
		tuple.protocol = netlink_u8(&proto, CTA_PROTO_NUM);
		tuple.sport = netlink_be16(&proto, CTA_PROTO_SRC_PORT);
		tuple.dport = netlink_be16(&proto, CTA_PROTO_DST_PORT);
		tuple.icmp_id = first_u16(&proto, CTA_PROTO_ICMP_ID, CTA_PROTO_ICMPV6_ID);
		tuple.icmp_type = first_u8(&proto, CTA_PROTO_ICMP_TYPE, CTA_PROTO_ICMPV6_TYPE);
		tuple.icmp_code = first_u8(&proto, CTA_PROTO_ICMP_CODE, CTA_PROTO_ICMPV6_CODE);
	}
	return tuple;
}

static bool same_tuple(const struct conntrack_tuple *a, const struct conntrack_tuple *b)
{
	return bytes_equal(a->src, b->src) && bytes_equal(a->dst, b->dst) &&
	       a->protocol == b->protocol && a->sport == b->sport && a->dport == b->dport &&
	       a->icmp_type == b->icmp_type && a->icmp_code == b->icmp_code &&
	       a->icmp_id == b->icmp_id;
}

static void put_text(const char *label, struct bytes text, struct out *out)
{
	if (!text.data)
		return;
	out_printf(out, "%s%s=", out->len ? " " : "", label);
	out_bytes(out, text);
}

static void put_number(const char *label, uint32_t number, struct out *out)
{
	if (number != ABSENT_U32)
		out_printf(out, "%s%s=%u", out->len ? " " : "", label, number);
}

/* "src=... dst=... sport=... dport=...", as conntrack(8) prints one. */
static struct bytes tuple_text(const struct netlink_row *row, unsigned number)
{
	struct conntrack_tuple tuple = take_tuple(row, number);
	struct bytes text;
	struct out out;

	out_init(&out, -1);
	put_text("src", tuple.src, &out);
	put_text("dst", tuple.dst, &out);
	put_number("sport", tuple.sport, &out);
	put_number("dport", tuple.dport, &out);
	put_number("type", tuple.icmp_type, &out);
	put_number("code", tuple.icmp_code, &out);
	put_number("id", tuple.icmp_id, &out);
	text = netlink_collected(row->checkpoint, &out);
	out_deinit(&out);
	return text;
}

/* --- what is nested ----------------------------------------------------------------------- */

static bool open_nested(const struct netlink_row *row, unsigned number, struct netlink_attributes *ret)
{
	struct bytes value = row->attributes.values[number];

	return value.data && netlink_nested(&row->attributes, value, ret);
}

static struct bytes nested_text(const struct netlink_row *row, unsigned number, unsigned inner)
{
	struct netlink_attributes attributes;

	if (!open_nested(row, number, &attributes))
		return NO_BYTES;
	return arena_copy(&row->checkpoint->arena, netlink_text(&attributes, inner));
}

static uint64_t nested_u64(const struct netlink_row *row, unsigned number, unsigned inner)
{
	struct netlink_attributes attributes;

	return open_nested(row, number, &attributes) ? netlink_be64(&attributes, inner)
						     : ABSENT_U64;
}

/* Of the protocols that have states the first attribute is the state. */
static uint32_t state_of(const struct netlink_row *row)
{
	static const unsigned protocols[] = { CTA_PROTOINFO_TCP, CTA_PROTOINFO_DCCP,
					      CTA_PROTOINFO_SCTP };
	struct netlink_attributes info, protocol;

	if (!open_nested(row, CTA_PROTOINFO, &info))
		return ABSENT_U32;
	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++)
		if (info.values[protocols[i]].data &&
		    netlink_nested(&info, info.values[protocols[i]], &protocol))
			return netlink_u8(&protocol, CTA_PROTOINFO_TCP_STATE);
	return ABSENT_U32;
}

/* --- rows --------------------------------------------------------------------------------- */

static struct conntrack connection(const struct netlink_row *row)
{
	const struct netlink_attributes *attributes = &row->attributes;

	return (struct conntrack){
		.original = take_tuple(row, CTA_TUPLE_ORIG),
		.reply = take_tuple(row, CTA_TUPLE_REPLY),
		.state = state_of(row),
		.timeout_s = netlink_be32(attributes, CTA_TIMEOUT),
		.status = netlink_be32(attributes, CTA_STATUS),
		.mark = netlink_be32(attributes, CTA_MARK),
		.zone = netlink_be16(attributes, CTA_ZONE),
		.id = netlink_be32(attributes, CTA_ID),
		.use = netlink_be32(attributes, CTA_USE),
		.helper = nested_text(row, CTA_HELP, CTA_HELP_NAME),
		.secctx = nested_text(row, CTA_SECCTX, CTA_SECCTX_NAME),
		.original_packets = nested_u64(row, CTA_COUNTERS_ORIG, CTA_COUNTERS_PACKETS),
		.original_bytes = nested_u64(row, CTA_COUNTERS_ORIG, CTA_COUNTERS_BYTES),
		.reply_packets = nested_u64(row, CTA_COUNTERS_REPLY, CTA_COUNTERS_PACKETS),
		.reply_bytes = nested_u64(row, CTA_COUNTERS_REPLY, CTA_COUNTERS_BYTES),
		.started_ns = nested_u64(row, CTA_TIMESTAMP, CTA_TIMESTAMP_START),
		.stopped_ns = nested_u64(row, CTA_TIMESTAMP, CTA_TIMESTAMP_STOP),
		.master = tuple_text(row, CTA_TUPLE_MASTER),
		.expect_flags = ABSENT_U32, .expect_class = ABSENT_U32,
	};
}

static struct conntrack expectation(const struct netlink_row *row)
{
	const struct netlink_attributes *attributes = &row->attributes;

	return (struct conntrack){
		.is_expectation = true,
		.original = take_tuple(row, CTA_EXPECT_TUPLE),
		.reply = { .protocol = ABSENT_U32, .sport = ABSENT_U32, .dport = ABSENT_U32,
			   .icmp_type = ABSENT_U32, .icmp_code = ABSENT_U32, .icmp_id = ABSENT_U32 },
		.state = ABSENT_U32, .status = ABSENT_U32, .mark = ABSENT_U32, .use = ABSENT_U32,
		.timeout_s = netlink_be32(attributes, CTA_EXPECT_TIMEOUT),
		.zone = netlink_be16(attributes, CTA_EXPECT_ZONE),
		.id = netlink_be32(attributes, CTA_EXPECT_ID),
		.helper = netlink_copy(row, CTA_EXPECT_HELP_NAME),
		.original_packets = ABSENT_U64, .original_bytes = ABSENT_U64,
		.reply_packets = ABSENT_U64, .reply_bytes = ABSENT_U64,
		.started_ns = ABSENT_U64, .stopped_ns = ABSENT_U64,
		.master = tuple_text(row, CTA_EXPECT_MASTER),
		.mask = tuple_text(row, CTA_EXPECT_MASK),
		.expect_flags = netlink_be32(attributes, CTA_EXPECT_FLAGS),
		.expect_class = netlink_be32(attributes, CTA_EXPECT_CLASS),
	};
}

static void take(const struct netlink_row *row)
{
	struct conntrack conntrack = row->type == NEW_CONNECTION ? connection(row)
								  : expectation(row);
	struct conntrack *added;

	conntrack.origin = row->origin;
	conntrack.ns_id = row->ns_id;
	conntrack.family = netlink_family(row->checkpoint, row->header.data[0]);
	added = leaf_add(row->checkpoint, row->rows);
	*added = conntrack;
}

/* From the id of a connection to its row, for the connections that come twice. */
struct known {
	struct map by_id;
};

static void take_unknown(const struct netlink_row *row)
{
	const struct known *known = row->context;
	const struct conntrack *rows = row->rows->items;
	struct conntrack_tuple original;
	uint32_t first;

	if (row->type == NEW_CONNECTION) {
		first = map_get(&known->by_id,
				map_pair(row->ns_id, netlink_be32(&row->attributes, CTA_ID)));
		original = take_tuple(row, CTA_TUPLE_ORIG);
		if (first != MAP_NONE && same_tuple(&rows[first].original, &original))
			return;
	}
	take(row);
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	static const struct netlink_source connections = {
		.kind = "NETNF_CT", .types = { NEW_CONNECTION, NEW_EXPECTATION },
		.header = sizeof(struct nfgenmsg), .take = take,
	};
	static const struct netlink_source expectations = {
		.kind = "NETNF_EXP", .types = { NEW_EXPECTATION, NEW_CONNECTION },
		.header = sizeof(struct nfgenmsg), .take = take_unknown,
	};
	const struct conntrack *items;
	struct known known = { 0 };

	netlink_rows(checkpoint, rows, &connections, NULL);
	items = rows->items;
	for (size_t i = 0; i < rows->n; i++)
		if (!items[i].is_expectation)
			map_put(&checkpoint->arena, &known.by_id,
				map_pair(items[i].ns_id, items[i].id), (uint32_t)i);
	netlink_rows(checkpoint, rows, &expectations, &known);
}

const struct leaf leaf_conntrack = {
	.name = "conntrack",
	.row_size = sizeof(struct conntrack),
	.needs = PART_INVENTORY,
	.load = load,
};
