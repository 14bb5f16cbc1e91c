#include "db/tables/targets.h"

#include "decoders/base/size.h"

/* What is said of a table goes before what is said of all. */
const struct column_target column_targets[] = {
	{ "process", "ppid", "process", "pid" },
	{ "process", "exe_file_id", "file", "id" },
	{ "process", "cwd_file_id", "file", "id" },
	{ "process", "root_file_id", "file", "id" },
	{ "process", "cgroup_set", "cgroup", "set_id" },
	{ "process", "pid_ns", "namespace", "id" },
	{ "process", "net_ns", "namespace", "id" },
	{ "process", "ipc_ns", "namespace", "id" },
	{ "process", "uts_ns", "namespace", "id" },
	{ "process", "mnt_ns", "namespace", "id" },
	{ "process", "user_ns", "namespace", "id" },
	{ "process", "cgroup_ns", "namespace", "id" },
	{ "process", "time_ns", "namespace", "id" },
	{ "thread", "seccomp_filter", "seccomp", "id" },
	{ "file", "mnt_id", "mount", "mnt_id" },
	{ "socket", "id", "file", "id" },
	{ "socket", "peer_id", "socket", "id" },
	{ "socket", "peer_ino", "socket", "ino" },
	{ "mount", "parent_id", "mount", "mnt_id" },
	{ "page_run", "shmid", "vma", "shmid" },
	{ "netns_id", "target_ns_id", "namespace", "id" },
	{ "netdev", "peer_nsid", "namespace", "id" },
	{ "epoll", "target_file_id", "file", "id" },
	{ "inotify", "mnt_id", "mount", "mnt_id" },
	{ "lock", "fd", "fd", "fd" },
	{ "tty", "id", "file", "inode" },
	{ "memfd", "inode_id", "file", "inode" },
	{ "pipe", "id", "file", "inode" },
	{ "tcp", "socket_id", "socket", "id" },
	{ "bpfmap_entry", "map_id", "bpfmap", "map_id" },
	{ "seccomp", "previous", "seccomp", "id" },
	{ "seccomp_code", "filter_id", "seccomp", "id" },
	{ "cgroup_property", "path", "cgroup", "path" },
	{ "route", "ifindex", "netdev", "ifindex" },
	{ "address", "ifindex", "netdev", "ifindex" },
	{ NULL, "pid", "process", "pid" },
	{ NULL, "tid", "thread", "tid" },
	{ NULL, "file_id", "file", "id" },
	{ NULL, "ns_id", "namespace", "id" },
};
const size_t n_column_targets = ARRAY_SIZE(column_targets);

const struct column_target *target_of(const struct table *table, const struct column *column)
{
	for (size_t i = 0; i < n_column_targets; i++) {
		const struct column_target *target = &column_targets[i];

		if (strcmp(target->column, column->name) != 0 ||
		    (target->table && strcmp(target->table, table->name) != 0))
			continue;
		/* A table's own key refers to nothing. */
		return !strcmp(target->to_table, table->name) && !strcmp(target->to_column, column->name) ? NULL
												     : target;
	}
	return NULL;
}
