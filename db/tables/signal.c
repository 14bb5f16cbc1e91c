#include "db/tables/words.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/signal.h"

/* include/uapi/asm-generic/siginfo.h: the codes that mean the same for every signal. */
static const struct name code_names[] = {
	{ 0, "SI_USER" },		 { (uint32_t)-1, "SI_QUEUE" },
	{ (uint32_t)-2, "SI_TIMER" },	 { (uint32_t)-3, "SI_MESGQ" },
	{ (uint32_t)-4, "SI_ASYNCIO" },	 { (uint32_t)-5, "SI_SIGIO" },
	{ (uint32_t)-6, "SI_TKILL" },	 { (uint32_t)-7, "SI_DETHREAD" },
	{ (uint32_t)-60, "SI_ASYNCNL" }, { 0x80, "SI_KERNEL" },
};
static const struct name_table codes = { code_names, ARRAY_SIZE(code_names) };

static void get_name(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	*ret = signal_value(checkpoint, arena, ((const struct signal *)row)->signal);
}

static void get_code_name(const struct checkpoint *checkpoint, const void *row,
			  struct arena *arena, struct value *ret)
{
	(void)checkpoint;
	(void)arena;
	*ret = name_value(&codes, (uint32_t)((const struct signal *)row)->code);
}

static void get_value(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		      struct value *ret)
{
	const struct signal *signal = row;

	(void)checkpoint;
	(void)arena;
	if (signal->has_value)
		*ret = value_number(VALUE_HEX, signal->value);
}

static void get_value_int(const struct checkpoint *checkpoint, const void *row,
			  struct arena *arena, struct value *ret)
{
	const struct signal *signal = row;

	(void)checkpoint;
	(void)arena;
	if (signal->has_value)
		*ret = (struct value){ .type = VALUE_INT, .integer = signal->value_int };
}

static const struct column columns[] = {
	{ .name = "pid", .help = "its process", COLUMN(signal, pid, U32) },
	{ .name = "tid", .help = "the thread it was sent to; null: to the process, any may take it",
	  COLUMN(signal, tid, U32) },
	{ .name = "signal", .help = "number of the signal", COLUMN(signal, signal, U32) },
	{ .name = "name", .help = "SIGTERM, ...; real-time signals by number: SIG34",
	  COMPUTED(TEXT, get_name) },
	{ .name = "code", .help = "why it was sent", COLUMN(signal, code, I32) },
	{ .name = "code_name", .help = "SI_USER, SI_QUEUE, ...; null: the signal has its own codes",
	  COMPUTED(TEXT, get_code_name) },
	{ .name = "sender_pid", .help = "the process that sent it, or the child it is about",
	  COLUMN(signal, sender_pid, U32) },
	{ .name = "sender_uid", .help = "real user id of that process",
	  COLUMN(signal, sender_uid, U32) },
	{ .name = "value", .help = "sent with it: si_ptr of sigqueue(3), of a timer",
	  COMPUTED(HEX, get_value) },
	{ .name = "value_int", .help = "the same bytes as si_int", .detail = true,
	  COMPUTED(INT, get_value_int) },
	{ .name = "status", .help = "of the child, as waitid(2) has it", .detail = true,
	  COLUMN(signal, status, U32) },
	{ .name = "timer_id", .help = "of the timer that went off", .detail = true,
	  COLUMN(signal, timer_id, U32) },
	{ .name = "overrun", .help = "how often that timer went off meanwhile", .detail = true,
	  COLUMN(signal, overrun, U32) },
	{ .name = "fd", .help = "descriptor that is ready", .detail = true,
	  COLUMN(signal, fd, U32) },
	{ .name = "address", .help = "of the fault, or of the system call", .detail = true,
	  COLUMN(signal, address, HEX64) },
	{ .name = "syscall", .help = "number of the call that a filter forbids", .detail = true,
	  COLUMN(signal, syscall, U32) },
	{ .name = "errno", .help = "error number that came with it", .detail = true,
	  COLUMN(signal, error, I32) },
};

const struct table table_signal = {
	.name = "signal",
	.plural = "signals",
	.help = "a pending signal: sent, and not yet taken",
	.key = "pid tid signal code",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_signal,
};
