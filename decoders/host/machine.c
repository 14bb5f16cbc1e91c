/* The machine: architecture, page size, CPU. */
#include <stdio.h>
#include <sys/utsname.h>

#include "decoders/base/size.h"
#include "decoders/host/internal.h"

/* The kernel's name of an architecture, and the one that checkpoint.arch has. */
static const struct {
	const char *kernel, *ours;
} architectures[] = {
	{ "x86_64", "x86_64" },	  { "aarch64", "aarch64" }, { "arm", "arm" },	    { "ppc64le", "ppc64le" },
	{ "s390x", "s390x" },	  { "riscv64", "riscv64" }, { "mips", "mips" },	    { "loongarch64", "loongarch64" },
};

static void read_architecture(struct host *host)
{
	struct bytes text, name = NO_BYTES;
	struct utsname uts;

	if (host_file(host, "proc/sys/kernel/arch", &text) && host_line(&text, &name))
		;
	else if (host->is_here && uname(&uts) == 0)
		name = bytes_of(uts.machine);
	for (size_t i = 0; name.len && i < ARRAY_SIZE(architectures); i++)
		if (bytes_start_with(name, bytes_of(architectures[i].kernel))) {
			host_add(host, "arch", bytes_of(architectures[i].ours), "/proc/sys/kernel/arch");
			return;
		}
	host_add_unknown(host, "arch", "/proc/sys/kernel/arch");
}

/* The auxiliary vector of whoever reads it: pairs of words, of which AT_PAGESZ is one. */
static void read_page_size(struct host *host)
{
	enum { AT_PAGESZ = 6 };
	struct bytes text;
	uint64_t pair[2];

	if (host_file(host, "proc/self/auxv", &text))
		for (; text.len >= sizeof(pair); text = bytes_from(text, sizeof(pair))) {
			char size[24];

			memcpy(pair, text.data, sizeof(pair));
			if (pair[0] != AT_PAGESZ)
				continue;
			snprintf(size, sizeof(size), "%llu", (unsigned long long)pair[1]);
			host_add(host, "page_size", bytes_of(size), "/proc/self/auxv");
			return;
		}
	host_add_unknown(host, "page_size", "/proc/self/auxv");
}

/* The components of x86's extended state that a flag of /proc/cpuinfo stands for. */
static const struct {
	const char *flag;
	uint64_t components;
} states[] = {
	{ "fpu", 1 << 0 },	 { "sse", 1 << 1 },	    { "avx", 1 << 2 },	       { "mpx", 3 << 3 },
	{ "avx512f", 7 << 5 },	 { "intel_pt", 1 << 8 },    { "pku", 1 << 9 },	       { "enqcmd", 1 << 10 },
	{ "user_shstk", 3 << 11 }, { "arch_lbr", 1 << 15 }, { "amx_tile", 3 << 17 },
};

static uint64_t components_of(struct bytes flags)
{
	uint64_t components = 0;
	struct bytes flag;

	while (host_word(&flags, &flag))
		for (size_t i = 0; i < ARRAY_SIZE(states); i++)
			if (bytes_equal(flag, bytes_of(states[i].flag)))
				components |= states[i].components;
	return components;
}

/* "model name\t: NAME" of the first CPU. */
static bool find_key(struct bytes text, struct bytes key, struct bytes *ret)
{
	struct bytes line;

	while (host_line(&text, &line)) {
		size_t colon = bytes_find(line, ':');

		if (!bytes_start_with(line, key) || colon == line.len)
			continue;
		*ret = bytes_from(line, colon + 1 + (colon + 1 < line.len && line.data[colon + 1] == ' '));
		return true;
	}
	return false;
}

static void read_cpu(struct host *host)
{
	static const char source[] = "/proc/cpuinfo";
	struct bytes text, value;
	char mask[24];

	if (!host_file(host, "proc/cpuinfo", &text)) {
		host_add_unknown(host, "cpu", source);
		return;
	}
	if (find_key(text, BYTES("model name"), &value))
		host_add(host, "cpu", value, source);
	if (!find_key(text, BYTES("flags"), &value))
		return;
	host_add(host, "cpu.flags", value, source);
	snprintf(mask, sizeof(mask), "0x%llx", (unsigned long long)components_of(value));
	host_add_number(host, "cpu.xstate", bytes_of(mask), components_of(value), source);
}

void host_read_machine(struct host *host)
{
	read_architecture(host);
	read_page_size(host);
	read_cpu(host);
}
