#include "db/tables/words.h"

#include <netinet/in.h>

#include "decoders/base/size.h"
#include "decoders/model/leaves/conntrack.h"

/* As conntrack(8) prints them. */
static const struct name protocol_names[] = {
	{ IPPROTO_ICMP, "icmp" }, { IPPROTO_TCP, "tcp" },	{ IPPROTO_UDP, "udp" },
	{ IPPROTO_DCCP, "dccp" }, { IPPROTO_GRE, "gre" },	{ IPPROTO_ICMPV6, "icmpv6" },
	{ IPPROTO_SCTP, "sctp" }, { IPPROTO_UDPLITE, "udplite" },
};
static const struct name_table protocols = { protocol_names, ARRAY_SIZE(protocol_names) };

/* include/uapi/linux/netfilter/nf_conntrack_{tcp,sctp}.h, net/netfilter/nf_conntrack_proto_dccp.c */
static const struct name tcp_names[] = {
	{ 0, "NONE" },	   { 1, "SYN_SENT" },	{ 2, "SYN_RECV" }, { 3, "ESTABLISHED" },
	{ 4, "FIN_WAIT" }, { 5, "CLOSE_WAIT" }, { 6, "LAST_ACK" }, { 7, "TIME_WAIT" },
	{ 8, "CLOSE" },	   { 9, "SYN_SENT2" },
};
static const struct name_table tcp_states = { tcp_names, ARRAY_SIZE(tcp_names) };

static const struct name dccp_names[] = {
	{ 0, "NONE" },	   { 1, "REQUEST" }, { 2, "RESPOND" },	{ 3, "PARTOPEN" }, { 4, "OPEN" },
	{ 5, "CLOSEREQ" }, { 6, "CLOSING" }, { 7, "TIMEWAIT" }, { 8, "IGNORE" },   { 9, "INVALID" },
};
static const struct name_table dccp_states = { dccp_names, ARRAY_SIZE(dccp_names) };

static const struct name sctp_names[] = {
	{ 0, "NONE" },		{ 1, "CLOSED" },	{ 2, "COOKIE_WAIT" },
	{ 3, "COOKIE_ECHOED" }, { 4, "ESTABLISHED" },	{ 5, "SHUTDOWN_SENT" },
	{ 6, "SHUTDOWN_RECD" }, { 7, "SHUTDOWN_ACK_SENT" }, { 8, "HEARTBEAT_SENT" },
	{ 9, "HEARTBEAT_ACKED" },
};
static const struct name_table sctp_states = { sctp_names, ARRAY_SIZE(sctp_names) };

/* include/uapi/linux/netfilter/nf_conntrack_common.h */
static const struct name status_names[] = {
	{ 0x1, "expected" },	 { 0x2, "seen_reply" },	    { 0x4, "assured" },
	{ 0x8, "confirmed" },	 { 0x10, "src_nat" },	    { 0x20, "dst_nat" },
	{ 0x40, "seq_adjust" },	 { 0x80, "src_nat_done" },  { 0x100, "dst_nat_done" },
	{ 0x200, "dying" },	 { 0x400, "fixed_timeout" }, { 0x800, "template" },
	{ 0x1000, "untracked" }, { 0x2000, "helper" },	    { 0x4000, "offload" },
	{ 0x8000, "hw_offload" },
};
static const struct name_table statuses = { status_names, ARRAY_SIZE(status_names) };

static const struct name expect_names[] = {
	{ 0x1, "permanent" }, { 0x2, "inactive" }, { 0x4, "userspace" },
};
static const struct name_table expect_flags = { expect_names, ARRAY_SIZE(expect_names) };

#define GETTER(name)                                                                             \
	static void get_##name(const struct checkpoint *checkpoint __attribute__((unused)),      \
			       const void *row, struct arena *arena __attribute__((unused)),     \
			       struct value *ret)                                                \
	{                                                                                        \
		const struct conntrack *conntrack = row;
GETTER(kind)
	*ret = value_text(conntrack->is_expectation ? BYTES("expectation") : BYTES("connection"));
}

GETTER(protocol)
	*ret = named_value(arena, &protocols, conntrack->original.protocol);
}

GETTER(state)
	uint32_t protocol = conntrack->original.protocol;
	const struct name_table *states = protocol == IPPROTO_SCTP   ? &sctp_states
					  : protocol == IPPROTO_DCCP ? &dccp_states
								     : &tcp_states;

	*ret = named_value(arena, states, conntrack->state);
}

GETTER(status_names)
	*ret = mask32_value(arena, &statuses, conntrack->status);
}

GETTER(expect_flags)
	*ret = mask32_value(arena, &expect_flags, conntrack->expect_flags);
}
#undef GETTER

static const struct column columns[] = {
	{ .name = "ns_id", .help = "CRIU's id of its network namespace",
	  COLUMN(conntrack, ns_id, U32) },
	{ .name = "kind", .help = "connection, or expectation: one that another has announced",
	  COMPUTED(TEXT, get_kind) },
	{ .name = "family", .help = "inet or inet6", COLUMN(conntrack, family, NAME) },
	{ .name = "protocol", .help = "tcp, udp, icmp, ... or a number",
	  COMPUTED(TEXT, get_protocol) },
	{ .name = "state", .help = "of protocols that have one: ESTABLISHED, ...",
	  COMPUTED(TEXT, get_state) },
	{ .name = "src", .help = "who began it", COLUMN(conntrack, original.src, BYTES) },
	{ .name = "sport", .help = "port there", COLUMN(conntrack, original.sport, U32) },
	{ .name = "dst", .help = "with whom", COLUMN(conntrack, original.dst, BYTES) },
	{ .name = "dport", .help = "port there", COLUMN(conntrack, original.dport, U32) },
	{ .name = "reply_src", .help = "who answers; another than dst where it is translated",
	  COLUMN(conntrack, reply.src, BYTES) },
	{ .name = "reply_sport", .help = "port there", COLUMN(conntrack, reply.sport, U32) },
	{ .name = "reply_dst", .help = "whom; another than src where it is translated",
	  COLUMN(conntrack, reply.dst, BYTES) },
	{ .name = "reply_dport", .help = "port there", COLUMN(conntrack, reply.dport, U32) },
	{ .name = "timeout_s", .help = "seconds until it is forgotten", .unit = "s",
	  COLUMN(conntrack, timeout_s, U32) },
	{ .name = "status", .help = "IPS_ flags", .detail = true, COLUMN(conntrack, status, HEX32) },
	{ .name = "status_names", .help = "the names of those flags; seen_reply: it was answered",
	  COMPUTED(TEXT, get_status_names) },
	{ .name = "mark", .help = "its mark", COLUMN(conntrack, mark, HEX32) },
	{ .name = "zone", .help = "conntrack zone; null: none", .detail = true,
	  COLUMN(conntrack, zone, U32) },
	{ .name = "icmp_type", .help = "of icmp", .detail = true,
	  COLUMN(conntrack, original.icmp_type, U32) },
	{ .name = "icmp_code", .help = "of icmp", .detail = true,
	  COLUMN(conntrack, original.icmp_code, U32) },
	{ .name = "icmp_id", .help = "of icmp", .detail = true,
	  COLUMN(conntrack, original.icmp_id, U32) },
	{ .name = "packets", .help = "that src sent; null: not counted", .detail = true,
	  COLUMN(conntrack, original_packets, U64) },
	{ .name = "bytes", .help = "that src sent; null: not counted", .detail = true,
	  COLUMN(conntrack, original_bytes, U64) },
	{ .name = "reply_packets", .help = "that came back; null: not counted", .detail = true,
	  COLUMN(conntrack, reply_packets, U64) },
	{ .name = "reply_bytes", .help = "that came back; null: not counted", .detail = true,
	  COLUMN(conntrack, reply_bytes, U64) },
	{ .name = "started_ns", .help = "when it began, since 1970; null: not recorded",
	  .unit = "ns", .detail = true, COLUMN(conntrack, started_ns, U64) },
	{ .name = "stopped_ns", .help = "when it ended, likewise", .unit = "ns", .detail = true,
	  COLUMN(conntrack, stopped_ns, U64) },
	{ .name = "helper", .help = "which helper reads along", .detail = true,
	  COLUMN(conntrack, helper, BYTES) },
	{ .name = "secctx", .help = "security context", .detail = true,
	  COLUMN(conntrack, secctx, BYTES) },
	{ .name = "master", .help = "the connection that announced it", .detail = true,
	  COLUMN(conntrack, master, BYTES) },
	{ .name = "mask", .help = "of an expectation: the bits that count", .detail = true,
	  COLUMN(conntrack, mask, BYTES) },
	{ .name = "expect_flags", .help = "of an expectation: permanent, inactive, userspace",
	  .detail = true, COMPUTED(TEXT, get_expect_flags) },
	{ .name = "expect_class", .help = "of an expectation: which of its helper's", .detail = true,
	  COLUMN(conntrack, expect_class, U32) },
	{ .name = "id", .help = "the kernel's number of it", .detail = true,
	  COLUMN(conntrack, id, U32) },
	{ .name = "use", .help = "references that the kernel held", .detail = true,
	  COLUMN(conntrack, use, U32) },
};

const struct table table_conntrack = {
	.name = "conntrack",
	.help = "a connection that the firewall keeps track of, or one that it expects",
	.key = "kind family protocol src sport dst dport",
	.noise = "ns_id timeout_s packets bytes reply_packets reply_bytes started_ns stopped_ns id "
		 "use",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_conntrack,
};
