#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/host.h"

static const struct column columns[] = {
	{ .name = "name", .help = "kernel, arch, config.TUN, sysctl.vm.max_map_count, pid, port.tcp, file, ...",
	  COLUMN(host_fact, name, BYTES) },
	{ .name = "value", .help = "null: it cannot be told from files", COLUMN(host_fact, value, BYTES) },
	{ .name = "number", .help = "the value as one; 6.12.3 is 6012003; of a file its size there",
	  COLUMN(host_fact, number, U64) },
	{ .name = "source", .help = "the file of the host that says so", COLUMN(host_fact, source, BYTES) },
};

const struct table table_host = {
	.name = "host",
	.help = "a fact of the host that \"check --host\" holds checkpoints against; else there is none",
	.key = "name value",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_host,
};
