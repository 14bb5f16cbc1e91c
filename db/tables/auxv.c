#include "db/tables/words.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/auxv.h"

/* include/uapi/linux/auxvec.h; from 32 on, and 18 to 22, what architectures add. */
static const struct name type_names[] = {
	{ 0, "AT_NULL" },	   { 1, "AT_IGNORE" },	     { 2, "AT_EXECFD" },
	{ 3, "AT_PHDR" },	   { 4, "AT_PHENT" },	     { 5, "AT_PHNUM" },
	{ 6, "AT_PAGESZ" },	   { 7, "AT_BASE" },	     { 8, "AT_FLAGS" },
	{ 9, "AT_ENTRY" },	   { 10, "AT_NOTELF" },	     { 11, "AT_UID" },
	{ 12, "AT_EUID" },	   { 13, "AT_GID" },	     { 14, "AT_EGID" },
	{ 15, "AT_PLATFORM" },	   { 16, "AT_HWCAP" },	     { 17, "AT_CLKTCK" },
	{ 18, "AT_FPUCW" },	   { 19, "AT_DCACHEBSIZE" }, { 20, "AT_ICACHEBSIZE" },
	{ 21, "AT_UCACHEBSIZE" },  { 22, "AT_IGNOREPPC" },   { 23, "AT_SECURE" },
	{ 24, "AT_BASE_PLATFORM" }, { 25, "AT_RANDOM" },     { 26, "AT_HWCAP2" },
	{ 27, "AT_RSEQ_FEATURE_SIZE" }, { 28, "AT_RSEQ_ALIGN" }, { 29, "AT_HWCAP3" },
	{ 30, "AT_HWCAP4" },	   { 31, "AT_EXECFN" },	     { 32, "AT_SYSINFO" },
	{ 33, "AT_SYSINFO_EHDR" }, { 34, "AT_L1I_CACHESHAPE" }, { 35, "AT_L1D_CACHESHAPE" },
	{ 36, "AT_L2_CACHESHAPE" }, { 37, "AT_L3_CACHESHAPE" }, { 40, "AT_L1I_CACHESIZE" },
	{ 41, "AT_L1I_CACHEGEOMETRY" }, { 42, "AT_L1D_CACHESIZE" }, { 43, "AT_L1D_CACHEGEOMETRY" },
	{ 44, "AT_L2_CACHESIZE" }, { 45, "AT_L2_CACHEGEOMETRY" }, { 46, "AT_L3_CACHESIZE" },
	{ 47, "AT_L3_CACHEGEOMETRY" }, { 51, "AT_MINSIGSTKSZ" },
};
static const struct name_table types = { type_names, ARRAY_SIZE(type_names) };

static void get_name(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	(void)checkpoint;
	(void)arena;
	*ret = name_value(&types, ((const struct auxv *)row)->type);
}

static void get_value(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		      struct value *ret)
{
	(void)checkpoint;
	(void)arena;
	*ret = value_number(VALUE_HEX, ((const struct auxv *)row)->value);
}

static const struct column columns[] = {
	{ .name = "pid", .help = "its process", COLUMN(auxv, pid, U32) },
	{ .name = "type", .help = "number of the entry", COLUMN(auxv, type, U64) },
	{ .name = "name", .help = "AT_*, the name of that number", COMPUTED(TEXT, get_name) },
	{ .name = "value", .help = "a number or an address, as the type has it",
	  COMPUTED(HEX, get_value) },
};

const struct table table_auxv = {
	.name = "auxv",
	.help = "an entry of a program's auxiliary vector: what the kernel told it at its start",
	.key = "pid type",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_auxv,
};
