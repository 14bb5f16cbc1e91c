/*
 * Namespaces that the tasks are in, and what can be asked only from inside of them: a thread of its own goes in,
 * opens netlink sockets or the tables of System V IPC, and ends; what it opened stays.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "decoders/base/out.h"
#include "decoders/base/size.h"
#include "decoders/live/leaves.h"
#include "decoders/live/proc.h"
#include "decoders/model/leaves/namespace.h"

enum { MOST_ENTERED = 256 }; /* namespaces of a type */

/* --- going in -------------------------------------------------------------------------------------------------- */

struct visit {
	struct live *live;
	uint32_t pid;
	const char *name; /* "net" */
	int type;         /* CLONE_NEW* */
	bool is_ours;     /* we are in it already */
	void (*do_inside)(struct visit *visit);
	int fds[3];
	int error;        /* 0: it went well */
};

static void *go_in(void *context)
{
	struct visit *visit = context;
	char path[48];
	int fd;

	if (visit->is_ours) {
		visit->do_inside(visit);
		return NULL;
	}
	snprintf(path, sizeof(path), "%u/ns/%s", visit->pid, visit->name);
	fd = openat(visit->live->proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, visit->type) < 0)
		visit->error = errno;
	else
		visit->do_inside(visit);
	if (fd >= 0)
		close(fd);
	return NULL;
}

/*
 * Of this thread alone: it ends soon. What a netlink socket may change is what whoever opened it could, so with those
 * opened from now on nothing in the network can be changed, whoever gets hold of them.
 */
static void give_up_network(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, sets) < 0)
		return;
	sets[0].effective &= ~(1u << CAP_NET_ADMIN);
	(void)syscall(SYS_capset, &header, sets);
}

static int open_netlink(struct visit *visit, int protocol)
{
	static const struct timeval patience = { .tv_sec = 10 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		visit->error = errno;
	else
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

static void open_sockets(struct visit *visit)
{
	give_up_network();
	visit->fds[0] = open_netlink(visit, NETLINK_SOCK_DIAG);
	visit->fds[1] = open_netlink(visit, NETLINK_ROUTE);
}

/* The tables are those of the namespace that whoever opens them is in. */
static void open_tables(struct visit *visit)
{
	static const char *const names[] = { "sysvipc/shm", "sysvipc/sem", "sysvipc/msg" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		visit->fds[i] = openat(visit->live->proc, names[i], O_RDONLY | O_CLOEXEC);
}

static void visit_namespace(struct visit *visit)
{
	pthread_t thread;

	visit->fds[0] = visit->fds[1] = visit->fds[2] = -1;
	visit->error = pthread_create(&thread, NULL, go_in, visit);
	if (visit->error == 0)
		pthread_join(thread, NULL);
}

/* --- which there are ------------------------------------------------------------------------------------------- */

static uint32_t id_in(int directory, const char *path)
{
	char link[64];
	ssize_t n = readlinkat(directory, path, link, sizeof(link));
	struct bytes text = { (const uint8_t *)link, n < 0 ? 0 : (size_t)n };
	uint64_t id;

	text = bytes_from(text, bytes_find(text, '[') + 1);
	return proc_take_number(&text, 10, &id) ? (uint32_t)id : ABSENT_U32;
}

static uint32_t our_id(const struct live *live, const char *name)
{
	char path[32];

	snprintf(path, sizeof(path), "self/ns/%s", name);
	return id_in(live->proc, path);
}

static uint32_t id_of(const struct live *live, uint32_t pid, const char *name)
{
	char path[48];

	snprintf(path, sizeof(path), "%u/ns/%s", pid, name);
	return id_in(live->proc, path);
}

static void open_net(struct live *live, uint32_t pid, uint32_t id, uint32_t ours)
{
	struct visit visit = { .live = live, .pid = pid, .name = "net", .type = CLONE_NEWNET,
			       .is_ours = id == ours, .do_inside = open_sockets };

	visit_namespace(&visit);
	if (visit.error) {
		errno = visit.error;
		unseen_count(live, UNSEEN_SOCKETS, pid);
	}
	*vec_push(&live->checkpoint->arena, &live->nets) = (struct live_net){ id, pid, visit.fds[0], visit.fds[1] };
}

static void open_ipc(struct live *live, uint32_t pid, uint32_t id, uint32_t ours)
{
	struct visit visit = { .live = live, .pid = pid, .name = "ipc", .type = CLONE_NEWIPC,
			       .is_ours = id == ours, .do_inside = open_tables };

	visit_namespace(&visit);
	if (visit.error) {
		errno = visit.error;
		unseen_count(live, UNSEEN_IPC, pid);
	}
	*vec_push(&live->checkpoint->arena, &live->ipcs) =
		(struct live_ipc){ id, visit.fds[0], visit.fds[1], visit.fds[2] };
}

/* Every namespace of a type once, by the first task in it. */
static void visit_each(struct live *live, const char *name,
		       void (*visit)(struct live *live, uint32_t pid, uint32_t id, uint32_t ours))
{
	struct arena *arena = &live->checkpoint->arena;
	uint32_t ours = our_id(live, name);
	struct map seen = { 0 };

	for (size_t i = 0; i < live->n_pids; i++) {
		uint32_t id = id_of(live, live->pids[i], name);

		if (id == ABSENT_U32 || !map_put(arena, &seen, id, 0))
			continue;
		if (seen.n > MOST_ENTERED)
			unseen_limit(live, UNSEEN_NAMESPACES, "namespaces of a type", MOST_ENTERED);
		else
			visit(live, live->pids[i], id, ours);
	}
}

void namespaces_open(struct live *live)
{
	if (!live->is_real)
		return;
	visit_each(live, "net", open_net);
	visit_each(live, "ipc", open_ipc);
}

static void close_open(int fd)
{
	if (fd >= 0)
		close(fd);
}

void namespaces_close(struct live *live)
{
	for (size_t i = 0; i < live->nets.n; i++) {
		close_open(live->nets.items[i].diag);
		close_open(live->nets.items[i].route);
	}
	for (size_t i = 0; i < live->ipcs.n; i++) {
		close_open(live->ipcs.items[i].shm);
		close_open(live->ipcs.items[i].sem);
		close_open(live->ipcs.items[i].msg);
	}
}

/* --- rows ------------------------------------------------------------------------------------------------------ */

static const struct {
	const char *name;
	size_t of_process;
} types[N_NAMESPACE_TYPES] = {
	[NAMESPACE_PID] = { "pid", offsetof(struct process, pid_ns) },
	[NAMESPACE_NET] = { "net", offsetof(struct process, net_ns) },
	[NAMESPACE_IPC] = { "ipc", offsetof(struct process, ipc_ns) },
	[NAMESPACE_UTS] = { "uts", offsetof(struct process, uts_ns) },
	[NAMESPACE_MNT] = { "mnt", offsetof(struct process, mnt_ns) },
	[NAMESPACE_USER] = { "user", offsetof(struct process, user_ns) },
	[NAMESPACE_CGROUP] = { "cgroup", offsetof(struct process, cgroup_ns) },
	[NAMESPACE_TIME] = { "time", offsetof(struct process, time_ns) },
};

/* As /proc has it, ", " for its line feeds and one blank between numbers. */
static struct bytes id_map(struct live *live, uint32_t pid, const char *name)
{
	struct proc_file file;
	struct bytes line, text;
	struct out out;

	if (!proc_open(live, UNSEEN_NAMESPACES, pid, name, &file))
		return NO_BYTES;
	out_init(&out, -1);
	while (proc_line(&file, &line)) {
		uint64_t number;

		out_text(&out, out.len ? ", " : "");
		for (unsigned i = 0; proc_take_number(&line, 10, &number); i++)
			out_printf(&out, "%s%llu", i ? " " : "", (unsigned long long)number);
	}
	text = bytes_of(arena_text(&live->checkpoint->arena, out_held(&out)));
	out_deinit(&out);
	proc_close(&file);
	return text;
}

static struct namespace *add_row(struct live *live, struct leaf_rows *rows, enum namespace_type type, uint32_t id,
				 const struct process *process)
{
	struct namespace *row = leaf_add(live->checkpoint, rows);
	char name[16];

	snprintf(name, sizeof(name), "ns/%s", types[type].name);
	*row = (struct namespace){
		.origin = proc_origin(proc_member(live, process->pid, name), NO_ENTRY),
		.type = types[type].name,
		.id = id,
		.host_id = live->is_real ? our_id(live, types[type].name) : ABSENT_U32,
		.image = NO_ROW,
		.monotonic = ABSENT_U64,
		.boottime = ABSENT_U64,
	};
	if (type == NAMESPACE_USER) {
		row->uid_map = id_map(live, process->pid, "uid_map");
		row->gid_map = id_map(live, process->pid, "gid_map");
	}
	return row;
}

void live_fill_namespaces(struct live *live, struct leaf_rows *rows)
{
	struct checkpoint *checkpoint = live->checkpoint;

	for (enum namespace_type type = 0; type < N_NAMESPACE_TYPES; type++) {
		struct map row_of = { 0 };

		for (size_t i = 0; i < checkpoint->processes.n; i++) {
			const struct process *process = &checkpoint->processes.items[i];
			uint32_t id, row;

			memcpy(&id, (const char *)process + types[type].of_process, sizeof(id));
			if (id == ABSENT_U32)
				continue;
			row = map_get(&row_of, id);
			if (row == MAP_NONE) {
				row = (uint32_t)rows->n;
				map_put(&checkpoint->arena, &row_of, id, row);
				add_row(live, rows, type, id, process);
			}
			((struct namespace *)rows->items + row)->processes++;
		}
	}
}
