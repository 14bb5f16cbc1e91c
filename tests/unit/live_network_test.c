/* Running processes as a checkpoint: their network namespaces, held against what /proc shows of the same. */
#include "decoders/live/state.h" /* in front of what has a global name of its own */
#include "tests/support/fake_proc.h"

#include <arpa/inet.h>
#include <linux/capability.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "decoders/model/leaves/address.h"
#include "decoders/model/leaves/netdev.h"
#include "decoders/model/leaves/route.h"
#include "decoders/model/leaves/rule.h"

static FILE *open_net(pid_t pid, const char *name, unsigned headings)
{
	char path[64], line[1024];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/net/%s", pid, name);
	file = fopen(path, "r");
	for (unsigned i = 0; file && i < headings; i++)
		assert_non_null(fgets(line, sizeof(line), file));
	return file;
}

static const struct netdev *device_named(const char *name)
{
	struct leaf_rows rows = rows_of(&leaf_netdev);
	const struct netdev *devices = rows.items;

	for (size_t i = 0; i < rows.n; i++)
		if (bytes_equal(devices[i].name, bytes_of(name)))
			return &devices[i];
	fail_msg("there is no device %s", name);
	return NULL;
}

static void devices_are_those_of_proc(pid_t pid)
{
	FILE *file = open_net(pid, "dev", 2);
	char line[1024], name[64];
	size_t n = 0;

	for (; fgets(line, sizeof(line), file); n++) {
		assert_int_equal(sscanf(line, " %63[^:]:", name), 1);
		assert_true(device_named(name)->mtu > 0);
	}
	fclose(file);
	assert_int_equal(rows_of(&leaf_netdev).n, n);
	assert_string_equal(text_of(device_named("lo")->type), "loopback");
	assert_int_equal(device_named("lo")->ifindex, 1);
	assert_null(device_named("lo")->address.data);
}

static size_t count_addresses(const char *family, const char *address, const char *device)
{
	struct leaf_rows rows = rows_of(&leaf_address);
	const struct address *addresses = rows.items;
	size_t n = 0;

	for (size_t i = 0; i < rows.n; i++)
		n += !strcmp(addresses[i].family, family) &&
		     (!address || bytes_equal(addresses[i].address, bytes_of(address))) &&
		     (!device || bytes_equal(addresses[i].device, bytes_of(device)));
	return n;
}

static void addresses_are_those_of_proc(pid_t pid)
{
	FILE *file = open_net(pid, "if_inet6", 0);
	char line[1024], hex[64], device[64], text[INET6_ADDRSTRLEN];
	size_t n = 0;

	for (; file && fgets(line, sizeof(line), file); n++) {
		uint8_t address[16];

		assert_int_equal(sscanf(line, "%32s %*s %*s %*s %*s %63s", hex, device), 2);
		for (size_t i = 0; i < 16; i++)
			assert_int_equal(sscanf(hex + 2 * i, "%2hhx", &address[i]), 1);
		assert_non_null(inet_ntop(AF_INET6, address, text, sizeof(text)));
		assert_int_equal(count_addresses("inet6", text, device), 1);
	}
	if (file)
		fclose(file);
	assert_int_equal(count_addresses("inet6", NULL, NULL), n);
}

static size_t count_routes(const char *family, const char *dst, const char *device, const char *gateway)
{
	struct leaf_rows rows = rows_of(&leaf_route);
	const struct route *routes = rows.items;
	size_t n = 0;

	for (size_t i = 0; i < rows.n; i++)
		n += routes[i].table == RT_TABLE_MAIN && !strcmp(routes[i].family, family) &&
		     (!dst || bytes_equal(routes[i].dst, bytes_of(dst))) &&
		     (!device || bytes_equal(routes[i].device, bytes_of(device))) &&
		     (!gateway || (!routes[i].gateway.data && !strcmp(gateway, "0.0.0.0")) ||
		      bytes_equal(routes[i].gateway, bytes_of(gateway)));
	return n;
}

/* The table "main", of IPv4; numbers as they lie in memory. */
static void routes_are_those_of_proc(pid_t pid)
{
	FILE *file = open_net(pid, "route", 1);
	char line[1024], device[64], dst[64], gateway[64];
	unsigned to, via, mask;
	size_t n = 0;

	for (; fgets(line, sizeof(line), file); n++) {
		assert_int_equal(sscanf(line, "%63s %x %x %*s %*s %*s %*s %x", device, &to, &via, &mask), 4);
		inet_ntop(AF_INET, &via, gateway, sizeof(gateway));
		inet_ntop(AF_INET, &to, dst, sizeof(dst) - 4);
		snprintf(dst + strlen(dst), 4, "/%d", __builtin_popcount(mask));
		assert_true(count_routes("inet", mask ? dst : "default", device, gateway) >= 1);
	}
	fclose(file);
	assert_int_equal(count_routes("inet", NULL, NULL, NULL), n);
}

static void look_at_network(pid_t pid)
{
	struct leaf_rows rows;
	char source[64];

	devices_are_those_of_proc(pid);
	addresses_are_those_of_proc(pid);
	routes_are_those_of_proc(pid);
	rows = rows_of(&leaf_rule);
	assert_true(rows.n >= 3); /* to the tables local, main and default */
	assert_int_equal(((const struct rule *)rows.items)[0].table, RT_TABLE_LOCAL);
	rows = rows_of(&leaf_route);
	for (size_t i = 0; i < rows.n; i++)
		assert_int_not_equal(((const struct route *)rows.items)[i].table, RT_TABLE_LOCAL);
	snprintf(source, sizeof(source), "/proc/%d/ns/net", pid);
	assert_string_equal(text_of(checkpoint.source.members.items[device_named("lo")->origin.member].name), source);
	assert_true(device_named("lo")->origin.offset == NO_OFFSET);
	assert_int_equal(checkpoint.problems.n, 0);
}

/* --- processes --------------------------------------------------------------------------------------------- */

/* A loopback device that is up, with a second address; tells whether it could be made. */
static _Noreturn void be_in_another(int ready)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0xc0000207) /* 192.0.2.7 */ };
	bool done = unshare(CLONE_NEWNET) == 0;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	done = done && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
	strcpy(request.ifr_name, "lo:1");
	memcpy(&request.ifr_addr, &address, sizeof(address));
	done = done && ioctl(fd, SIOCSIFADDR, &request) == 0;
	if (write(ready, &done, sizeof(done)) != sizeof(done))
		_exit(1);
	for (;;)
		pause();
}

static _Noreturn void be_here(int ready)
{
	bool done = true;

	if (write(ready, &done, sizeof(done)) != sizeof(done))
		_exit(1);
	for (;;)
		pause();
}

/* A child that does so, opened as a checkpoint; false, and nothing is there, where it cannot. */
static bool open_child(void (*be)(int ready), pid_t *ret)
{
	struct live_options options = { 0 };
	bool done = false;
	int ready[2];

	assert_int_equal(pipe(ready), 0);
	fflush(NULL);
	*ret = fork();
	if (*ret == 0)
		be(ready[1]);
	assert_int_equal(read(ready[0], &done, sizeof(done)), sizeof(done));
	close(ready[0]);
	close(ready[1]);
	if (done) {
		options.pid = (uint32_t)*ret;
		assert_null(live_open("/proc/child", &options, &checkpoint));
		return true;
	}
	kill(*ret, SIGKILL);
	waitpid(*ret, NULL, 0);
	print_message("SKIPPED: the network of a process: no namespace of one's own can be made here\n");
	return false;
}

static void close_child(pid_t pid)
{
	close_fake();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static uint32_t capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

	assert_int_equal(syscall(SYS_capget, &header, sets), 0);
	return sets[0].effective;
}

static void our_network_is_what_proc_shows(void **state)
{
	uint32_t before = capabilities();
	pid_t pid;

	(void)state;
	assert_true(open_child(be_here, &pid));
	look_at_network(pid);
	close_child(pid);
	assert_int_equal(capabilities(), before); /* what a thread gives up, it alone has no more */
}

static void so_is_another_one(void **state)
{
	const struct address *addresses;
	pid_t pid;

	(void)state;
	if (!open_child(be_in_another, &pid))
		skip();
	look_at_network(pid);
	addresses = rows_of(&leaf_address).items;
	assert_int_equal(rows_of(&leaf_netdev).n, 1);
	assert_true(device_named("lo")->flags & IFF_UP);
	assert_int_equal(count_addresses("inet", "127.0.0.1", "lo"), 1);
	assert_int_equal(count_addresses("inet", "192.0.2.7", "lo"), 1);
	checkpoint_need(&checkpoint, PART_TASKS);
	assert_int_equal(addresses[0].ns_id, process_of((uint32_t)pid)->net_ns);
	close_child(pid);
}

/* Not by root either: lo is to be switched off. */
static void nothing_can_be_changed(void **state)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg body;
	} order = {
		.header = { .nlmsg_len = sizeof(order), .nlmsg_type = RTM_NEWLINK, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.body = { .ifi_index = 1, .ifi_change = IFF_UP },
	};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} answer;
	struct live *live;
	pid_t pid;

	(void)state;
	if (!open_child(be_in_another, &pid))
		skip();
	live = live_of(&checkpoint);
	assert_int_equal(live->nets.n, 1);
	assert_int_equal(send(live->nets.items[0].route, &order, sizeof(order), 0), sizeof(order));
	assert_true(recv(live->nets.items[0].route, &answer, sizeof(answer), MSG_TRUNC) >= (ssize_t)sizeof(answer));
	assert_int_equal(answer.header.nlmsg_type, NLMSG_ERROR);
	assert_int_equal(answer.error.error, -EPERM);
	assert_true(device_named("lo")->flags & IFF_UP);
	close_child(pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_network_is_what_proc_shows),
		cmocka_unit_test(so_is_another_one),
		cmocka_unit_test(nothing_can_be_changed),
	};

	return run_all(tests);
}
