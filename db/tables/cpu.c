#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/cpu.h"

static const struct column columns[] = {
	{ .name = "number", .help = "which one, from 0", COLUMN(cpu, number, U32) },
	{ .name = "arch", .help = "x86, ppc64, s390", COLUMN(cpu, arch, NAME) },
	{ .name = "vendor", .help = "of x86: intel, amd, unknown", COLUMN(cpu, vendor, NAME) },
	{ .name = "model_name", .help = "of x86: what it calls itself", COLUMN(cpu, model_name, BYTES) },
	{ .name = "family", .help = "of x86", COLUMN(cpu, family, U32) },
	{ .name = "model", .help = "of x86", COLUMN(cpu, model, U32) },
	{ .name = "stepping", .help = "of x86", COLUMN(cpu, stepping, U32) },
	{ .name = "endian", .help = "of ppc64: big or little", .detail = true,
	  COLUMN(cpu, endian, NAME) },
	{ .name = "xfeatures", .help = "of x86: components of the extended state", .detail = true,
	  COLUMN(cpu, xfeatures, HEX64) },
	{ .name = "xsave_size", .help = "of that state, as it is used", .unit = "bytes",
	  .detail = true, COLUMN(cpu, xsave_size, U32) },
	{ .name = "xsave_size_max", .help = "of that state, with all that there is", .unit = "bytes",
	  .detail = true, COLUMN(cpu, xsave_size_max, U32) },
	{ .name = "capabilities", .help = "words that a restore compares", .detail = true,
	  COLUMN(cpu, capabilities, BYTES) },
};

const struct table table_cpu = {
	.name = "cpu",
	.help = "a CPU of the machine that dumped, where the dump notes them",
	.key = "number",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_cpu,
};
