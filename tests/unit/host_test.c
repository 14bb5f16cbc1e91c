/* What a host can do: facts held against what the C library says of this one, and against copies made by hand. */
#include "tests/support/support.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "decoders/host/host.h"

#define SAMPLE "samples/podman.tar.zst"

static const struct fact *find(const struct host *host, const char *name, const char *value)
{
	for (size_t i = 0; i < host->facts.n; i++) {
		const struct fact *fact = &host->facts.items[i];

		if (!strcmp(fact->name, name) && (!value || bytes_equal(fact->value, bytes_of(value))))
			return fact;
	}
	return NULL;
}

static void assert_fact(const struct host *host, const char *name, const char *value)
{
	const struct fact *fact = find(host, name, NULL);

	if (!fact || !bytes_equal(fact->value, bytes_of(value)))
		fail_msg("%s is %.*s, not %s", name, fact ? (int)fact->value.len : 0,
			 fact ? (const char *)fact->value.data : "", value);
}

static void assert_unknown(const struct host *host, const char *name)
{
	const struct fact *fact = find(host, name, NULL);

	if (!fact || fact->value.data || !fact->source)
		fail_msg("%s is %s", name, fact ? "known" : "not told of");
}

static void put(const char *path, const char *text)
{
	write_file(scratch_path("root/%s", path), text, strlen(text));
}

/* --- this host ---------------------------------------------------------------------------------------------- */

static void this_host_is_what_the_library_says(void **state)
{
	struct utsname uts;
	struct host host;
	char text[32];

	(void)state;
	assert_null(host_read("/", &host));
	assert_int_equal(uname(&uts), 0);
	assert_fact(&host, "kernel", uts.release);
	snprintf(text, sizeof(text), "%ld", sysconf(_SC_PAGESIZE));
	assert_fact(&host, "page_size", text);
	snprintf(text, sizeof(text), "%d", (int)getpid());
	assert_non_null(find(&host, "pid", text));
	host_close(&host);
}

static uint16_t listen_somewhere(int *ret)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);

	*ret = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(*ret >= 0);
	assert_int_equal(bind(*ret, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(*ret, 1), 0);
	assert_int_equal(getsockname(*ret, (struct sockaddr *)&address, &len), 0);
	return ntohs(address.sin_port);
}

static void ports_and_addresses_are_those_of_the_library(void **state)
{
	char text[INET6_ADDRSTRLEN];
	struct ifaddrs *list, *one;
	struct host host;
	int fd;
	uint16_t port = listen_somewhere(&fd);

	(void)state;
	assert_null(host_read("/", &host));
	snprintf(text, sizeof(text), "127.0.0.1:%u", port);
	assert_non_null(find(&host, "port.tcp", text));
	assert_int_equal(find(&host, "port.tcp", text)->number, port);
	assert_int_equal(getifaddrs(&list), 0);
	for (one = list; one; one = one->ifa_next) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)one->ifa_addr;
		const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)one->ifa_addr;

		assert_non_null(find(&host, "netdev", one->ifa_name));
		if (!in || (in->sin_family != AF_INET && in->sin_family != AF_INET6))
			continue;
		inet_ntop(in->sin_family, in->sin_family == AF_INET ? (const void *)&in->sin_addr : &in6->sin6_addr,
			  text, sizeof(text));
		assert_non_null(find(&host, "address", text));
	}
	freeifaddrs(list);
	close(fd);
	host_close(&host);
}

/* --- a copy of another's files --------------------------------------------------------------------------------- */

static void make_host(void)
{
	static const uint64_t auxv[] = { 3, 0x400040, 6, 65536, 0, 0 };

	put("proc/sys/kernel/osrelease", "5.4.17-x\n");
	put("proc/sys/kernel/arch", "aarch64\n");
	put("proc/sys/vm/max_map_count", "5\n");
	put("proc/sys/kernel/shmmax", "18446744073692774399\n");
	put("boot/config-5.4.17-x", "CONFIG_CHECKPOINT_RESTORE=y\n# CONFIG_UNIX_DIAG is not set\nCONFIG_TUN=m\n"
				    "CONFIG_TUN_OTHER=n\n");
	put("proc/cpuinfo", "processor\t: 0\nmodel name\t: Made up\nflags\t\t: fpu sse xsave avx pku\n\nprocessor\t: 1\n");
	put("proc/self/status", "Name:\tx\nCapEff:\t0000010000200000\n");
	put("proc/17/comm", "x\n");
	put("proc/net/tcp6", "  sl  local_address remote_address st\n"
			     "   0: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 0\n"
			     "   1: nonsense\n");
	put("sys/module/apparmor/parameters/enabled", "Y\n");
	put("sys/kernel/security/apparmor/profiles", "docker-default (enforce)\n/usr/bin/man (complain)\n");
	put("sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
	put("usr/sbin/criu", "");
	put("var/lib/dpkg/status", "Package: other\nVersion: 9\n\nPackage: criu\nStatus: install ok installed\n"
				   "Version: 1:3.17.1-2+deb12u1\n\n");
	write_file(scratch_path("root/proc/self/auxv"), auxv, sizeof(auxv));
}

static void a_copy_is_read_as_the_host_itself(void **state)
{
	struct host host;

	(void)state;
	make_host();
	assert_null(host_read(scratch_path("root"), &host));
	assert_fact(&host, "kernel", "5.4.17-x");
	assert_int_equal(find(&host, "kernel", NULL)->number, 5004017);
	assert_fact(&host, "arch", "aarch64");
	assert_fact(&host, "page_size", "65536");
	assert_fact(&host, "config.CHECKPOINT_RESTORE", "y");
	assert_fact(&host, "config.UNIX_DIAG", "n");
	assert_fact(&host, "config.TUN", "m");
	assert_fact(&host, "config.TIME_NS", "n");
	assert_fact(&host, "sysctl.vm.max_map_count", "5");
	assert_true(find(&host, "sysctl.kernel.shmmax", NULL)->number > INT64_MAX);
	assert_fact(&host, "cpu", "Made up");
	assert_fact(&host, "cpu.xstate", "0x207");
	assert_fact(&host, "cap.SYS_ADMIN", "y");
	assert_fact(&host, "cap.CHECKPOINT_RESTORE", "y");
	assert_fact(&host, "cap.NET_ADMIN", "n");
	assert_fact(&host, "pid", "17");
	assert_fact(&host, "port.tcp", "[::ffff:127.0.0.1]:8080");
	assert_fact(&host, "lsm", "apparmor");
	assert_non_null(find(&host, "apparmor.profile", "docker-default"));
	assert_non_null(find(&host, "apparmor.profile", "/usr/bin/man"));
	assert_fact(&host, "cgroup", "2");
	assert_fact(&host, "program.criu", "/usr/sbin/criu");
	assert_fact(&host, "program.runc", "none");
	assert_fact(&host, "version.criu", "3.17.1-2+deb12u1");
	assert_int_equal(find(&host, "version.criu", NULL)->number, 3017001);
	assert_unknown(&host, "filesystem");
	assert_unknown(&host, "address");
	host_close(&host);
}

static void what_is_not_there_is_unknown(void **state)
{
	static const char *const names[] = { "kernel", "config", "arch", "page_size", "cpu", "lsm", "cap", "cgroup",
					     "program.criu", "pid", "address", "netdev", "filesystem" };
	struct host host;

	(void)state;
	write_file(scratch_path("nothing/x"), "", 0);
	assert_null(host_read(scratch_path("nothing"), &host));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_unknown(&host, names[i]);
	host_close(&host);
}

/* Neither a link of the copy nor "..", whatever it says, leads to this host's files. */
static void nothing_leads_out_of_a_copy(void **state)
{
	struct host host;

	(void)state;
	write_file(scratch_path("links/proc/sys/kernel/x"), "", 0);
	write_file(scratch_path("links/etc/release"), "inside\n", 7);
	assert_int_equal(symlink("/etc/release", scratch_path("links/proc/sys/kernel/osrelease")), 0);
	assert_int_equal(symlink("../../../../../../../../proc/self/auxv", scratch_path("links/proc/self")), 0);
	assert_int_equal(symlink("/proc/filesystems", scratch_path("links/proc/filesystems")), 0);
	write_file(scratch_path("linked/x"), "", 0);
	assert_int_equal(symlink("/proc", scratch_path("linked/proc")), 0);
	assert_null(host_read(scratch_path("links"), &host));
	assert_fact(&host, "kernel", "inside");
	assert_unknown(&host, "page_size");
	assert_unknown(&host, "filesystem");
	host_close(&host);
	assert_null(host_read(scratch_path("linked"), &host));
	assert_unknown(&host, "pid");
	host_close(&host);
}

static void versions_are_numbers(void **state)
{
	static const struct {
		const char *text;
		uint64_t number;
	} rows[] = { { "6.12.3-amd64", 6012003 }, { "6.1", 6001000 },	 { "4", 4000000 },
		     { "4.2.1+git",    4002001 }, { "6.12-rc3", 6012000 }, { "", HOST_NO_NUMBER },
		     { "next",	       HOST_NO_NUMBER }, { "99999999.1.5000", 999001999 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(host_version(bytes_of(rows[i].text)), rows[i].number);
}

/* --- check ----------------------------------------------------------------------------------------------------- */

static struct json_object *found(struct json_object *report, const char *rule)
{
	struct json_object *list = NULL, *value = NULL;

	assert_true(json_object_object_get_ex(report, "findings", &list));
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *finding = json_object_array_get_idx(list, i);

		if (json_object_object_get_ex(finding, "rule", &value) && !strcmp(json_object_get_string(value), rule))
			return finding;
	}
	return NULL;
}

static void check_tells_what_a_host_lacks(void **state)
{
	struct json_object *report;

	(void)state;
	make_host();
	report = run_json(1, "check", "--host-root", scratch_path("root"), "--format", "json", NULL);
	assert_non_null(found(report, "host-kernel-config")); /* UNIX_DIAG */
	assert_non_null(found(report, "host-pid-choice"));    /* 5.4, and no ns_last_pid */
	assert_non_null(found(report, "host-unknown"));
	assert_null(found(report, "host-no-criu"));
	assert_null(found(report, "host-arch")); /* there is no checkpoint */
	json_object_put(report);
}

static void check_holds_a_checkpoint_against_it(void **state)
{
	struct json_object *report;

	(void)state;
	make_host();
	report = run_json(1, "check", SAMPLE, "--host-root", scratch_path("root"), "--format", "json", NULL);
	assert_non_null(found(report, "host-arch"));
	assert_non_null(found(report, "host-page-size"));
	assert_non_null(found(report, "host-limit"));        /* more mappings than 5 */
	assert_non_null(found(report, "host-needs-config")); /* SECCOMP_FILTER */
	assert_non_null(found(report, "host-needs-kernel")); /* rseq, 5.13 */
	assert_non_null(found(report, "host-xstate"));
	assert_null(found(report, "host-pid-taken")); /* it has pids of its own */
	assert_null(found(report, "host-file-missing"));
	json_object_put(report);
	report = run_json(0, "check", SAMPLE, "--format", "json", NULL);
	assert_null(found(report, "host-arch"));
	json_object_put(report);
}

/* The listing of "coldcase files" says which sizes there were. */
static void make_files(const char *directory)
{
	struct json_object *rows = run_json(0, "list", "file", SAMPLE, "--where",
					    "type = 'reg' AND NOT deleted AND size IS NOT NULL", "--format", "json", NULL);

	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i), *path = NULL, *size = NULL;
		const char *name;

		assert_true(json_object_object_get_ex(row, "path", &path) &&
			    json_object_object_get_ex(row, "size", &size));
		name = scratch_path("%s%s", directory, json_object_get_string(path));
		if (access(name, F_OK) == 0)
			continue;
		write_file(name, "", 0);
		assert_int_equal(truncate(name, json_object_get_int64(size)), 0);
	}
	json_object_put(rows);
}

static void check_looks_for_the_files(void **state)
{
	const char *root = scratch_path("files");
	struct json_object *report, *finding, *message = NULL;

	(void)state;
	make_files("files");
	report = run_json(0, "check", SAMPLE, "--root", root, "--only", "host-file-missing,host-file-size", "--format",
			  "json", NULL);
	assert_null(found(report, "host-file-missing"));
	assert_null(found(report, "host-file-size"));
	json_object_put(report);
	assert_int_equal(truncate(scratch_path("files/bin/fds"), 7), 0);
	assert_int_equal(unlink(scratch_path("files/data/lock-1")), 0);
	report = run_json(1, "check", SAMPLE, "--root", root, "--only", "host-file-missing,host-file-size", "--format",
			  "json", NULL);
	finding = found(report, "host-file-size");
	assert_non_null(finding);
	assert_true(json_object_object_get_ex(finding, "message", &message));
	assert_non_null(strstr(json_object_get_string(message), "/bin/fds had "));
	finding = found(report, "host-file-missing");
	assert_non_null(finding);
	assert_true(json_object_object_get_ex(finding, "message", &message));
	assert_string_equal(json_object_get_string(message), "1 file is not beneath --root: /data/lock-1");
	json_object_put(report);
	assert_int_equal(run("check", SAMPLE, "--root", "/no/such/place", NULL).status, 3);
	assert_int_equal(run("check", "--host-root", "/no/such/place", NULL).status, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(this_host_is_what_the_library_says),
		cmocka_unit_test(ports_and_addresses_are_those_of_the_library),
		cmocka_unit_test(a_copy_is_read_as_the_host_itself),
		cmocka_unit_test(what_is_not_there_is_unknown),
		cmocka_unit_test(nothing_leads_out_of_a_copy),
		cmocka_unit_test(versions_are_numbers),
		cmocka_unit_test(check_tells_what_a_host_lacks),
		cmocka_unit_test(check_holds_a_checkpoint_against_it),
		cmocka_unit_test(check_looks_for_the_files),
	};

	return run_all(tests);
}
