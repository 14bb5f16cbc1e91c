#include "db/tables/words.h"

#include <sys/sysmacros.h>

#include "decoders/base/size.h"
#include "decoders/model/leaves/tty.h"

static void get_device(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		       struct value *ret)
{
	uint32_t device = ((const struct tty *)row)->device;

	(void)checkpoint;
	*ret = value_text(bytes_of(arena_printf(arena, "%u:%u", major(device), minor(device))));
}

/*
 * include/uapi/asm-generic/termbits.h. MIPS and PowerPC have numbers of their own: theirs are left
 * without names.
 */
static const struct name input_names[] = {
	{ 0x1, "IGNBRK" },  { 0x2, "BRKINT" },	 { 0x4, "IGNPAR" },  { 0x8, "PARMRK" },
	{ 0x10, "INPCK" },  { 0x20, "ISTRIP" },	 { 0x40, "INLCR" },  { 0x80, "IGNCR" },
	{ 0x100, "ICRNL" }, { 0x200, "IUCLC" },	 { 0x400, "IXON" },  { 0x800, "IXANY" },
	{ 0x1000, "IXOFF" }, { 0x2000, "IMAXBEL" }, { 0x4000, "IUTF8" },
};
static const struct name_table input_table = { input_names, ARRAY_SIZE(input_names) };

static const struct name output_names[] = {
	{ 0x1, "OPOST" }, { 0x2, "OLCUC" },  { 0x4, "ONLCR" },	{ 0x8, "OCRNL" },
	{ 0x10, "ONOCR" }, { 0x20, "ONLRET" }, { 0x40, "OFILL" }, { 0x80, "OFDEL" },
};
static const struct name_table output_table = { output_names, ARRAY_SIZE(output_names) };

static const struct name control_names[] = {
	{ 0x30, "CS8" },     { 0x20, "CS7" },	 { 0x10, "CS6" },   { 0x40, "CSTOPB" },
	{ 0x80, "CREAD" },   { 0x100, "PARENB" }, { 0x200, "PARODD" }, { 0x400, "HUPCL" },
	{ 0x800, "CLOCAL" }, { 0x40000000, "CMSPAR" }, { 0x80000000, "CRTSCTS" },
};
static const struct name_table control_table = { control_names, ARRAY_SIZE(control_names) };
enum { SPEED_BITS = 0x100f | 0x100f << 16 }; /* CBAUD and CIBAUD: the speed says them in baud */

static const struct name local_names[] = {
	{ 0x1, "ISIG" },     { 0x2, "ICANON" },	  { 0x4, "XCASE" },   { 0x8, "ECHO" },
	{ 0x10, "ECHOE" },   { 0x20, "ECHOK" },	  { 0x40, "ECHONL" }, { 0x80, "NOFLSH" },
	{ 0x100, "TOSTOP" }, { 0x200, "ECHOCTL" }, { 0x400, "ECHOPRT" }, { 0x800, "ECHOKE" },
	{ 0x1000, "FLUSHO" }, { 0x4000, "PENDIN" }, { 0x8000, "IEXTEN" }, { 0x10000, "EXTPROC" },
};
static const struct name_table local_table = { local_names, ARRAY_SIZE(local_names) };

static struct value setting_value(const struct checkpoint *checkpoint, struct arena *arena,
				  const struct name_table *table, uint32_t setting)
{
	const char *arch = checkpoint->arch;

	if (!arch || !strcmp(arch, "mips") || !strncmp(arch, "ppc", 3))
		return (struct value){ .type = VALUE_NULL };
	return mask32_value(arena, table, setting);
}

#define GETTER(name, table, bits)                                                                \
	static void get_##name##_names(const struct checkpoint *checkpoint, const void *row,     \
				       struct arena *arena, struct value *ret)                   \
	{                                                                                        \
		uint32_t setting = ((const struct tty *)row)->name;                              \
                                                                                                 \
		*ret = setting_value(checkpoint, arena, &table,                                  \
				     setting == ABSENT_U32 ? setting : setting & (bits));        \
	}
GETTER(iflag, input_table, UINT32_MAX)
GETTER(oflag, output_table, UINT32_MAX)
GETTER(cflag, control_table, ~(uint32_t)SPEED_BITS)
GETTER(lflag, local_table, UINT32_MAX)
#undef GETTER

/* B0 to B38400, then from 0x1001 on B57600 to B4000000. */
static void get_speed(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		      struct value *ret)
{
	enum { CBAUD = 0x100f, CBAUDEX = 0x1000 };
	static const uint32_t speeds[] = { 0,	 50,   75,   110,  134,	 150,  200,   300,
					   600, 1200, 1800, 2400, 4800, 9600, 19200, 38400 };
	static const uint32_t higher[] = { 0,	    57600,   115200,  230400,  460800,	500000,
					   576000,  921600,  1000000, 1152000, 1500000, 2000000,
					   2500000, 3000000, 3500000, 4000000 };
	const struct tty *tty = row;
	uint32_t code = tty->cflag & CBAUD;

	if (setting_value(checkpoint, arena, &control_table, tty->cflag).type == VALUE_NULL)
		return;
	*ret = value_number(VALUE_UINT, code == CBAUDEX	 ? tty->speed
					: code & CBAUDEX ? higher[code & 15]
							 : speeds[code]);
}

static const struct column columns[] = {
	{ .name = "id", .help = "CRIU's id; file.inode of its files", COLUMN(tty, id, U32) },
	{ .name = "type", .help = "pty, console, vt, ctty, ext_tty or serial",
	  COLUMN(tty, type, NAME) },
	{ .name = "index", .help = "N of /dev/pts/N", COLUMN(tty, index, U32) },
	{ .name = "sid", .help = "the session it controls; null: none", COLUMN(tty, sid, U32) },
	{ .name = "pgrp", .help = "process group in the foreground", COLUMN(tty, pgrp, U32) },
	{ .name = "rows", .help = "height of the window", .unit = "characters",
	  COLUMN(tty, rows, U32) },
	{ .name = "columns", .help = "width of the window", .unit = "characters",
	  COLUMN(tty, columns, U32) },
	{ .name = "files", .help = "open files of it", COLUMN(tty, n_files, U32) },
	{ .name = "unread_bytes", .help = "input that waits; null: none was saved", .unit = "bytes",
	  COLUMN(tty, unread_bytes, U64) },
	{ .name = "device", .help = "major:minor; 5:2 is the master of a pty", .detail = true,
	  COMPUTED(TEXT, get_device) },
	{ .name = "iflag", .help = "c_iflag of termios(3)", .detail = true,
	  COLUMN(tty, iflag, HEX32) },
	{ .name = "iflag_names", .help = "what happens to input: the names of those bits", .detail = true,
	  COMPUTED(TEXT, get_iflag_names), .needs = PART_TASKS },
	{ .name = "oflag", .help = "c_oflag", .detail = true, COLUMN(tty, oflag, HEX32) },
	{ .name = "oflag_names", .help = "what happens to output: the names of those bits", .detail = true,
	  COMPUTED(TEXT, get_oflag_names), .needs = PART_TASKS },
	{ .name = "cflag", .help = "c_cflag", .detail = true, COLUMN(tty, cflag, HEX32) },
	{ .name = "cflag_names", .help = "how the line works: the names of those bits", .detail = true,
	  COMPUTED(TEXT, get_cflag_names), .needs = PART_TASKS },
	{ .name = "lflag", .help = "c_lflag", .detail = true, COLUMN(tty, lflag, HEX32) },
	{ .name = "lflag_names", .help = "what the terminal does by itself: the names of those bits", .detail = true,
	  COMPUTED(TEXT, get_lflag_names), .needs = PART_TASKS },
	{ .name = "speed", .help = "of output", .unit = "baud", .detail = true,
	  COMPUTED(UINT, get_speed), .needs = PART_TASKS },
	{ .name = "locked", .help = "a pty that unlockpt(3) has not opened yet", .detail = true,
	  COLUMN(tty, is_locked, BOOL) },
	{ .name = "exclusive", .help = "nobody else may open it", .detail = true,
	  COLUMN(tty, is_exclusive, BOOL) },
	{ .name = "packet_mode", .help = "reads of the master tell what happened", .detail = true,
	  COLUMN(tty, is_packet_mode, BOOL) },
	{ .name = "uid", .help = "owner", .detail = true, COLUMN(tty, uid, U32) },
	{ .name = "gid", .help = "group", .detail = true, COLUMN(tty, gid, U32) },
};

const struct table table_tty = {
	.name = "tty",
	.plural = "ttys",
	.help = "a terminal; a pty is two of them, the master and the slave",
	.key = "type index",
	.noise = "id",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_tty,
};
