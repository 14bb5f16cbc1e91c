/* The kernel: which one, how it was built, and its limits. */
#include <archive.h>

#include "decoders/base/size.h"
#include "decoders/host/internal.h"

enum { LARGEST_CONFIG = 8 << 20 }; /* bytes, inflated */

/* --- how it was built ------------------------------------------------------------------------------------------- */

/* What CRIU needs, or what is needed for something that an image holds; CONFIG_ is before each. */
static const char *const options[] = {
	"CHECKPOINT_RESTORE", "NAMESPACES", "UTS_NS", "IPC_NS", "PID_NS", "NET_NS", "TIME_NS", "USER_NS", "CGROUPS",
	"FHANDLE", "EVENTFD", "EPOLL", "SIGNALFD", "TIMERFD", "AIO", "INOTIFY_USER", "FANOTIFY", "MEMFD_CREATE",
	"UNIX_DIAG", "INET_DIAG", "INET_UDP_DIAG", "INET_RAW_DIAG", "PACKET_DIAG", "NETLINK_DIAG", "PACKET",
	"MEM_SOFT_DIRTY", "USERFAULTFD", "MEMBARRIER", "RSEQ", "SECCOMP_FILTER", "BPF_SYSCALL", "POSIX_MQUEUE", "SYSVIPC",
	"TUN", "VETH", "BRIDGE", "MACVLAN", "IPV6", "IPV6_SIT", "IP_MULTIPLE_TABLES", "NF_TABLES", "NF_CT_NETLINK",
	"AUTOFS_FS", "BINFMT_MISC", "OVERLAY_FS", "IA32_EMULATION", "X86_USER_SHADOW_STACK", "HUGETLBFS",
};

/* CONFIG is inflated into the arena; false where it is no gzip, or too large. */
static bool inflate(struct host *host, struct bytes packed, struct bytes *ret)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	uint8_t *text = arena_alloc(&host->arena, LARGEST_CONFIG);
	la_ssize_t n = -1;

	if (!archive)
		out_of_memory();
	if (archive_read_support_filter_gzip(archive) == ARCHIVE_OK &&
	    archive_read_support_format_raw(archive) == ARCHIVE_OK &&
	    archive_read_open_memory(archive, packed.data, packed.len) == ARCHIVE_OK &&
	    archive_read_next_header(archive, &entry) == ARCHIVE_OK)
		n = archive_read_data(archive, text, LARGEST_CONFIG);
	archive_read_free(archive);
	if (n <= 0 || n == LARGEST_CONFIG)
		return false;
	*ret = (struct bytes){ text, (size_t)n };
	return true;
}

/* Where distributions leave it; the release stands between the two. */
static const char *find_config(struct host *host, struct bytes release, struct bytes *ret)
{
	static const char *const places[][2] = { { "boot/config-", "" }, { "lib/modules/", "/config" },
						 { "usr/lib/modules/", "/config" }, { "lib/modules/", "/build/.config" } };
	struct bytes packed;

	if (host_file(host, "proc/config.gz", &packed) && inflate(host, packed, ret))
		return "/proc/config.gz";
	for (size_t i = 0; release.len && i < ARRAY_SIZE(places); i++) {
		const char *path = arena_printf(&host->arena, "/%s%.*s%s", places[i][0], BYTES_FMT(release), places[i][1]);

		if (host_file(host, path + 1, ret))
			return path;
	}
	return NULL;
}

/* y, m, or n where the configuration does not set it. */
static struct bytes setting(struct bytes config, const char *option)
{
	struct bytes line, name = bytes_of(option);

	while (host_line(&config, &line)) {
		if (!bytes_start_with(line, BYTES("CONFIG_")))
			continue;
		line = bytes_from(line, 7);
		if (bytes_start_with(line, name) && line.len > name.len && line.data[name.len] == '=')
			return bytes_from(line, name.len + 1);
	}
	return BYTES("n");
}

static void read_config(struct host *host, struct bytes release)
{
	struct bytes config = NO_BYTES;
	const char *source = find_config(host, release, &config);

	if (!source) {
		host_add_unknown(host, "config", "/proc/config.gz, /boot/config-*, /lib/modules/*/config");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		host_add(host, arena_printf(&host->arena, "config.%s", options[i]), setting(config, options[i]), source);
}

/* --- its limits ---------------------------------------------------------------------------------------------------- */

static const char *const sysctls[] = {
	"kernel/ns_last_pid", "kernel/pid_max", "kernel/threads-max", "kernel/yama/ptrace_scope", "kernel/cap_last_cap",
	"kernel/shmmax", "kernel/shmall", "kernel/shmmni", "kernel/msgmax", "kernel/msgmnb", "kernel/msgmni",
	"vm/max_map_count", "vm/nr_hugepages", "vm/unprivileged_userfaultfd", "vm/overcommit_memory",
	"fs/nr_open", "fs/file-max", "fs/pipe-max-size", "fs/aio-max-nr", "fs/mqueue/queues_max",
	"fs/inotify/max_user_instances", "fs/inotify/max_user_watches", "user/max_user_namespaces",
	"net/core/rmem_max", "net/core/wmem_max", "net/ipv4/ip_nonlocal_bind",
};

static void read_sysctls(struct host *host)
{
	for (size_t i = 0; i < ARRAY_SIZE(sysctls); i++) {
		const char *path = arena_printf(&host->arena, "proc/sys/%s", sysctls[i]);
		char *name = arena_printf(&host->arena, "sysctl.%s", sysctls[i]);
		struct bytes text, line;

		for (char *p = name; *p; p++)
			*p = *p == '/' ? '.' : *p;
		if (host_file(host, path, &text) && host_line(&text, &line))
			host_add(host, name, line, arena_printf(&host->arena, "/%s", path));
	}
}

/* Those that are there now; a module may bring more. */
static void read_filesystems(struct host *host)
{
	struct bytes text, line, word, last;

	if (!host_file(host, "proc/filesystems", &text)) {
		host_add_unknown(host, "filesystem", "/proc/filesystems");
		return;
	}
	while (host_line(&text, &line)) {
		last = NO_BYTES;
		while (host_word(&line, &word))
			last = word;
		if (last.len)
			host_add(host, "filesystem", last, "/proc/filesystems");
	}
}

void host_read_kernel(struct host *host)
{
	struct bytes text, release = NO_BYTES;

	if (host_file(host, "proc/sys/kernel/osrelease", &text) && host_line(&text, &release))
		host_add_number(host, "kernel", release, host_version(release), "/proc/sys/kernel/osrelease");
	else
		host_add_unknown(host, "kernel", "/proc/sys/kernel/osrelease");
	read_config(host, release);
	read_sysctls(host);
	read_filesystems(host);
}
