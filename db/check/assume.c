/* What is assumed of whom. */
#include "db/check/check.h"
#include "decoders/base/size.h"

/*
 * What needed an option was dumped with it, and whoever gave it then gives it again, be it in CRIU's configuration
 * file. Only tcp-close is a choice of the restore.
 */
enum {
	EVERYTHING = (1 << N_ASSUMPTIONS) - 1,
	OF_THE_DUMP = EVERYTHING & ~(1 << ASSUME_TCP_CLOSE),
};

static const struct producer {
	const char *name;
	unsigned assumed;
	enum tool tool;
} producers[] = {
	{ "podman", OF_THE_DUMP, TOOL_PODMAN },
	{ "cri-o", OF_THE_DUMP, TOOL_CRIO },
	{ "containerd", OF_THE_DUMP, TOOL_CONTAINERD },
	{ "ctr", OF_THE_DUMP, TOOL_CONTAINERD },
	{ "docker", OF_THE_DUMP, TOOL_RUNC },
	{ "runc", OF_THE_DUMP, TOOL_RUNC },
	{ "lxc", OF_THE_DUMP, TOOL_CRIU },
	{ "criu", OF_THE_DUMP, TOOL_CRIU },
};

static const struct producer *find(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_SIZE(producers); i++)
		if (!strcmp(producers[i].name, name))
			return &producers[i];
	return &producers[ARRAY_SIZE(producers) - 1];
}

unsigned producer_assumptions(const char *producer)
{
	return find(producer)->assumed;
}

unsigned engine_assumptions(const char *producer)
{
	return strcmp(find(producer)->name, "criu") != 0 ? 1 << ASSUME_EXTERNAL : 0;
}

enum tool producer_tool(const char *producer, enum profile profile)
{
	return profile == PROFILE_PLAIN_CRIU ? TOOL_CRIU : find(producer)->tool;
}
