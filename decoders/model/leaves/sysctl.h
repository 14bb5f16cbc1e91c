/* Settings of namespaces, as /proc/sys shows them: of networks and of System V and POSIX IPC. */
#pragma once

#include "decoders/model/leaf.h"

struct sysctl {
	struct origin origin;
	const char *ns_type;   /* net, ipc */
	uint32_t ns_id;
	const char *directory; /* below /proc/sys: net/ipv4/conf, net/unix, kernel, ... */
	struct bytes device;   /* of net/ipv4/conf and net/ipv6/conf: a name, all or default; else absent */
	const char *name;      /* NULL: CRIU's place in the list has no name here */
	uint32_t place;        /* in CRIU's list, from 0 */
	struct bytes value;    /* as a read of the file gives it, without the line feed */
};

extern const struct leaf leaf_sysctl;
