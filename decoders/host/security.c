/* Who may do what: security modules, capabilities, cgroups. */
#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/host/internal.h"

/* The one that labels tasks, as CRIU saves it. */
static void read_module(struct host *host)
{
	static const char apparmor[] = "sys/module/apparmor/parameters/enabled";
	struct bytes text;

	if (host_file(host, apparmor, &text) && bytes_start_with(text, BYTES("Y")))
		host_add(host, "lsm", BYTES("apparmor"), "/sys/module/apparmor/parameters/enabled");
	else if (host_has(host, "sys/fs/selinux/enforce"))
		host_add(host, "lsm", BYTES("selinux"), "/sys/fs/selinux/enforce");
	else if (host_has(host, "sys/module"))
		host_add(host, "lsm", BYTES("none"), "/sys/module/apparmor, /sys/fs/selinux");
	else
		host_add_unknown(host, "lsm", "/sys/module/apparmor, /sys/fs/selinux");
}

/* "NAME (MODE)" lines. */
static void read_profiles(struct host *host)
{
	static const char path[] = "sys/kernel/security/apparmor/profiles";
	struct bytes text, line;

	if (!bytes_equal(host_value(host, "lsm"), BYTES("apparmor")))
		return;
	if (!host_file(host, path, &text)) {
		host_add_unknown(host, "apparmor.profile", "/sys/kernel/security/apparmor/profiles");
		return;
	}
	while (host_line(&text, &line)) {
		size_t end = bytes_find_last(line, '(');

		if (end > 0 && end < line.len)
			host_add(host, "apparmor.profile", bytes_first(line, end - 1),
				 "/sys/kernel/security/apparmor/profiles");
	}
}

/* Those of whoever asks: a restore is mostly made by root. */
static void read_capabilities(struct host *host)
{
	static const struct {
		const char *name;
		unsigned bit;
	} capabilities[] = { { "cap.NET_ADMIN", 12 }, { "cap.SYS_PTRACE", 19 }, { "cap.SYS_ADMIN", 21 },
			     { "cap.SYS_RESOURCE", 24 }, { "cap.CHECKPOINT_RESTORE", 40 } };
	static const char source[] = "/proc/self/status";
	struct bytes text, line;

	if (host_file(host, "proc/self/status", &text))
		while (host_line(&text, &line)) {
			uint64_t mask;

			if (!bytes_start_with(line, BYTES("CapEff:")))
				continue;
			mask = strtoull(arena_text(&host->arena, bytes_from(line, 7)), NULL, 16);
			for (size_t i = 0; i < ARRAY_SIZE(capabilities); i++)
				host_add(host, capabilities[i].name,
					 mask >> capabilities[i].bit & 1 ? BYTES("y") : BYTES("n"), source);
			return;
		}
	host_add_unknown(host, "cap", source);
}

static void read_cgroups(struct host *host)
{
	static const char unified[] = "sys/fs/cgroup/cgroup.controllers";
	struct bytes text, line, controller;

	if (host_file(host, unified, &text)) {
		host_add(host, "cgroup", BYTES("2"), "/sys/fs/cgroup/cgroup.controllers");
		while (host_line(&text, &line))
			while (host_word(&line, &controller))
				host_add(host, "cgroup.controller", controller, "/sys/fs/cgroup/cgroup.controllers");
	} else if (host_has(host, "sys/fs/cgroup/unified/cgroup.controllers")) {
		host_add(host, "cgroup", BYTES("hybrid"), "/sys/fs/cgroup/unified");
	} else if (host_has(host, "sys/fs/cgroup/memory") || host_has(host, "sys/fs/cgroup/pids")) {
		host_add(host, "cgroup", BYTES("1"), "/sys/fs/cgroup");
	} else {
		host_add_unknown(host, "cgroup", "/sys/fs/cgroup");
	}
}

void host_read_security(struct host *host)
{
	read_module(host);
	read_profiles(host);
	read_capabilities(host);
	read_cgroups(host);
}
