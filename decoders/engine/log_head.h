/* The first lines of CRIU's dump.log: who ran where. */
#pragma once

#include "decoders/base/bytes.h"

/* What was found lies within the text; the rest is absent. */
struct log_head {
	struct bytes criu_version; /* "4.2.1" */
	struct bytes kernel;       /* its release: "6.12.117+deb13-amd64" */
	struct bytes lxc_name;     /* LXC keeps a container in the cgroup lxc.payload.NAME */
};

void log_head_read(struct bytes text, struct log_head *ret);
