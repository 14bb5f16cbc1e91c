/*
 * Programs: which are there, and of which version. A version is what the package database says; nothing is run to be
 * asked for it.
 */
#include "decoders/base/size.h"
#include "decoders/host/internal.h"

static const struct {
	const char *program, *packages; /* by which distributions know it */
} programs[] = {
	{ "criu", "criu" },	      { "runc", "runc" },
	{ "crun", "crun" },	      { "podman", "podman" },
	{ "crio", "cri-o" },	      { "containerd", "containerd containerd.io" },
	{ "docker", "docker.io docker-ce moby-engine" },
	{ "iptables-restore", "iptables" }, { "nft", "nftables" },
};

/* PATH as it is for root; the environment of whoever asks is another matter. */
static const char *const directories[] = { "usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin" };

static const char *find_program(struct host *host, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		const char *path = arena_printf(&host->arena, "%s/%s", directories[i], name);

		if (host_has(host, path))
			return arena_printf(&host->arena, "/%s", path);
	}
	return NULL;
}

/* --- package databases: text, a stanza a package ------------------------------------------------------------------ */

struct database {
	const char *path;
	struct bytes package, version; /* the keys of a stanza; their lines begin with them */
	struct bytes text;
};

static bool is_one_of(struct bytes name, const char *list)
{
	struct bytes rest = bytes_of(list), word;

	while (host_word(&rest, &word))
		if (bytes_equal(word, name))
			return true;
	return false;
}

/* "1:2.3-4" without the epoch, which is the distribution's. */
static struct bytes without_epoch(struct bytes version)
{
	size_t colon = bytes_find(version, ':');

	return colon < version.len ? bytes_from(version, colon + 1) : version;
}

static bool find_package(const struct database *database, const char *packages, struct bytes *ret)
{
	struct bytes rest = database->text, line;
	bool is_wanted = false;

	while (host_line(&rest, &line)) {
		if (line.len == 0)
			is_wanted = false;
		else if (bytes_start_with(line, database->package))
			is_wanted = is_one_of(bytes_from(line, database->package.len), packages);
		else if (is_wanted && bytes_start_with(line, database->version)) {
			*ret = without_epoch(bytes_from(line, database->version.len));
			return true;
		}
	}
	return false;
}

static void add_version(struct host *host, const struct database *databases, size_t n, const char *program,
			const char *packages)
{
	const char *name = arena_printf(&host->arena, "version.%s", program);
	struct bytes version;

	for (size_t i = 0; i < n; i++)
		if (find_package(&databases[i], packages, &version)) {
			host_add_number(host, name, version, host_version(version),
					arena_printf(&host->arena, "/%s", databases[i].path));
			return;
		}
	host_add_unknown(host, name, "/var/lib/dpkg/status, /lib/apk/db/installed");
}

void host_read_software(struct host *host)
{
	struct database databases[] = {
		{ .path = "var/lib/dpkg/status", .package = BYTES("Package: "), .version = BYTES("Version: ") },
		{ .path = "lib/apk/db/installed", .package = BYTES("P:"), .version = BYTES("V:") },
	};
	bool has_programs = false;

	for (size_t i = 0; i < ARRAY_SIZE(databases); i++)
		if (!host_file(host, databases[i].path, &databases[i].text))
			databases[i].text = NO_BYTES;
	for (size_t i = 0; i < ARRAY_SIZE(directories); i++)
		has_programs = has_programs || host_has(host, directories[i]);
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		const char *name = arena_printf(&host->arena, "program.%s", programs[i].program);
		const char *path = find_program(host, programs[i].program);

		if (path) {
			host_add(host, name, bytes_of(path), path);
			add_version(host, databases, ARRAY_SIZE(databases), programs[i].program, programs[i].packages);
		} else if (has_programs) {
			host_add(host, name, BYTES("none"), "/usr/local/sbin to /bin");
		} else {
			host_add_unknown(host, name, "/usr/local/sbin to /bin");
		}
	}
}
