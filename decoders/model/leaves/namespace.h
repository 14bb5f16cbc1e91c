/* Namespaces: those that tasks are in, and those that only an image tells of. */
#pragma once

#include "decoders/model/leaf.h"

enum namespace_type {
	NAMESPACE_PID,
	NAMESPACE_NET,
	NAMESPACE_IPC,
	NAMESPACE_UTS,
	NAMESPACE_MNT,
	NAMESPACE_USER,
	NAMESPACE_CGROUP,
	NAMESPACE_TIME,
	N_NAMESPACE_TYPES,
};

struct namespace {
	struct origin origin;       /* its image, else the ids of the first task in it */
	const char *type;           /* pid, net, ipc, uts, mnt, user, cgroup, time */
	uint32_t id;                /* CRIU's */
	uint32_t processes;
	uint32_t host_id;           /* of that type the one criu was in; ABSENT_U32: not recorded */
	uint32_t image;             /* member that describes it, or NO_ROW */
	struct bytes ext_key;
	struct bytes nodename, domainname;
	struct bytes uid_map, gid_map; /* as in /proc/PID/uid_map, ", " for its line feeds */
	uint64_t monotonic, boottime;  /* its clocks at the dump, nanoseconds */
};

extern const struct leaf leaf_namespace;
