/* The AppArmor policy namespaces of the container, and the profiles in them. */
#pragma once

#include "decoders/model/leaf.h"

struct apparmor_namespace {
	struct bytes name;
	const struct apparmor_namespace *parent;
};

enum { APPARMOR_PATH_MOST = 4096 }; /* bytes of the names of a namespace and those above it */

struct apparmor {
	struct origin origin;
	const struct apparmor_namespace *namespace;
	struct bytes profile; /* absent: the namespace itself */
	uint64_t size;        /* bytes of the profile as the kernel loads it; ABSENT_U64 */
};

extern const struct leaf leaf_apparmor;
