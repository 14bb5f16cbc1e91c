#include "db/tables/words.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/sigaction.h"

/* include/uapi/asm-generic/signal-defs.h */
static const struct name flag_names[] = {
	{ 0x1, "SA_NOCLDSTOP" },	{ 0x2, "SA_NOCLDWAIT" },   { 0x4, "SA_SIGINFO" },
	{ 0x400, "SA_UNSUPPORTED" },	{ 0x800, "SA_EXPOSE_TAGBITS" },
	{ 0x4000000, "SA_RESTORER" },	{ 0x8000000, "SA_ONSTACK" }, { 0x10000000, "SA_RESTART" },
	{ 0x40000000, "SA_NODEFER" },	{ 0x80000000, "SA_RESETHAND" },
};
static const struct name_table flag_table = { flag_names, ARRAY_SIZE(flag_names) };

/* arch/mips/include/uapi/asm/signal.h */
static const struct name mips_flag_names[] = {
	{ 0x1, "SA_NOCLDSTOP" },	{ 0x8, "SA_SIGINFO" },	   { 0x10000, "SA_NOCLDWAIT" },
	{ 0x8000000, "SA_ONSTACK" },	{ 0x10000000, "SA_RESTART" },
	{ 0x40000000, "SA_NODEFER" },	{ 0x80000000, "SA_RESETHAND" },
};
static const struct name_table mips_flag_table = { mips_flag_names, ARRAY_SIZE(mips_flag_names) };

static void get_name(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	*ret = signal_value(checkpoint, arena, ((const struct sigaction_row *)row)->signal);
}

static void get_flag_names(const struct checkpoint *checkpoint, const void *row,
			   struct arena *arena, struct value *ret)
{
	bool mips = checkpoint->arch && !strcmp(checkpoint->arch, "mips");

	*ret = mask_value(arena, mips ? &mips_flag_table : &flag_table,
			  ((const struct sigaction_row *)row)->flags);
}

static const struct column columns[] = {
	{ .name = "pid", .help = "its process", COLUMN(sigaction_row, pid, U32) },
	{ .name = "signal", .help = "number of the signal", COLUMN(sigaction_row, signal, U32) },
	{ .name = "name", .help = "SIGTERM, ...; real-time signals by number: SIG34",
	  COMPUTED(TEXT, get_name) },
	{ .name = "action", .help = "default, ignore or handler",
	  COLUMN(sigaction_row, action, NAME) },
	{ .name = "handler", .help = "address of the function; null: none is called",
	  COLUMN(sigaction_row, handler, HEX64) },
	{ .name = "flags", .help = "of sigaction(2)", .detail = true,
	  COLUMN(sigaction_row, flags, HEX64) },
	{ .name = "flag_names", .help = "the names of those flags",
	  COMPUTED(TEXT, get_flag_names) },
	{ .name = "mask", .help = "signals blocked meanwhile; bit N-1 is signal N",
	  COLUMN(sigaction_row, mask, HEX64) },
	{ .name = "mask_extended", .help = "the same of signals 65 to 128, which MIPS has",
	  .detail = true, COLUMN(sigaction_row, mask_extended, HEX64) },
	{ .name = "restorer", .help = "address of the function it returns to", .detail = true,
	  COLUMN(sigaction_row, restorer, HEX64) },
	{ .name = "compat", .help = "of a 32-bit task on a 64-bit kernel", .detail = true,
	  COLUMN(sigaction_row, compat, BOOL) },
};

const struct table table_sigaction = {
	.name = "sigaction",
	.plural = "sigactions",
	.help = "what a task does with a signal",
	.key = "pid signal",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_sigaction,
};
