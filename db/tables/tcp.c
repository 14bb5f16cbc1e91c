#include "db/tables/words.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/tcp.h"

/* include/uapi/linux/tcp.h: TCPI_OPT_* */
enum { TIMESTAMPS = 1, SACK = 2, WSCALE = 4, ECN = 8, ECN_SEEN = 16, SYN_DATA = 32 };

static const struct name option_names[] = {
	{ TIMESTAMPS, "timestamps" }, { SACK, "sack" },		{ WSCALE, "wscale" },
	{ ECN, "ecn" },		      { ECN_SEEN, "ecn_seen" }, { SYN_DATA, "syn_data" },
};
static const struct name_table option_table = { option_names, ARRAY_SIZE(option_names) };

static void get_options(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
			struct value *ret)
{
	(void)checkpoint;
	*ret = mask_value(arena, &option_table, ((const struct tcp *)row)->options);
}

/* Sequence numbers and clocks take every value; none means absence. */
#define NUMBER_GETTER(field)                                                                     \
	static void get_##field(const struct checkpoint *checkpoint __attribute__((unused)),     \
				const void *row, struct arena *arena __attribute__((unused)),    \
				struct value *ret)                                               \
	{                                                                                        \
		*ret = value_number(VALUE_UINT, ((const struct tcp *)row)->field);               \
	}
NUMBER_GETTER(inq_seq)
NUMBER_GETTER(outq_seq)

static const struct column columns[] = {
	{ .name = "socket_id", .help = "its socket.id; null: that is not in the checkpoint",
	  COLUMN(tcp, socket_id, U32) },
	{ .name = "ino", .help = "inode number of the socket", COLUMN(tcp, ino, U64) },
	{ .name = "inq_bytes", .help = "received and not read", .unit = "bytes",
	  COLUMN(tcp, inq_bytes, U32) },
	{ .name = "outq_bytes", .help = "sent and not acknowledged, or not sent", .unit = "bytes",
	  COLUMN(tcp, outq_bytes, U32) },
	{ .name = "unsent_bytes", .help = "the part of outq_bytes that was never sent",
	  .unit = "bytes", COLUMN(tcp, unsent_bytes, U32) },
	{ .name = "inq_seq", .help = "sequence number of the byte that is received next",
	  COMPUTED(UINT, get_inq_seq) },
	{ .name = "outq_seq", .help = "sequence number of the byte that is written next",
	  COMPUTED(UINT, get_outq_seq) },
	{ .name = "mss", .help = "largest segment", .unit = "bytes", COLUMN(tcp, mss, U32) },
	{ .name = "options", .help = "what both ends agreed on", COMPUTED(TEXT, get_options) },
	{ .name = "opt_mask", .help = "the same as a mask", .detail = true,
	  COLUMN(tcp, options, HEX32) },
	{ .name = "snd_wscale", .help = "shift of the other end's window; null: not scaled",
	  .detail = true, COLUMN(tcp, snd_wscale, U32) },
	{ .name = "rcv_wscale", .help = "shift of its own window; null: not scaled",
	  .detail = true, COLUMN(tcp, rcv_wscale, U32) },
	{ .name = "timestamp", .help = "its clock of timestamps; null: not used", .detail = true,
	  COLUMN(tcp, timestamp, U32) },
	{ .name = "snd_wnd", .help = "window of the other end", .unit = "bytes", .detail = true,
	  COLUMN(tcp, snd_wnd, U32) },
	{ .name = "max_window", .help = "the largest window the other end had", .unit = "bytes",
	  .detail = true, COLUMN(tcp, max_window, U32) },
	{ .name = "rcv_wnd", .help = "its own window", .unit = "bytes", .detail = true,
	  COLUMN(tcp, rcv_wnd, U32) },
	{ .name = "snd_wl1", .help = "sequence number of the last window update", .detail = true,
	  COLUMN(tcp, snd_wl1, U32) },
	{ .name = "rcv_wup", .help = "inq_seq when its own window was last told", .detail = true,
	  COLUMN(tcp, rcv_wup, U32) },
	{ .name = "cork", .help = "TCP_CORK: partial segments wait", .detail = true,
	  COLUMN(tcp, cork, BOOL) },
	{ .name = "nodelay", .help = "TCP_NODELAY: small segments do not wait", .detail = true,
	  COLUMN(tcp, nodelay, BOOL) },
};

const struct table table_tcp = {
	.name = "tcp",
	.plural = "tcps",
	.help = "a TCP connection: its queues and sequence numbers",
	.key = "ino",
	.noise = "socket_id",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_tcp,
};
