#include "db/tables/reference.h"
#include "db/tables/secret.h"

#include "decoders/base/size.h"

#define CREDENTIAL(field, kind) COLUMN(process, credentials.field, kind)

static struct row_set rows(const struct checkpoint *checkpoint)
{
	return ROW_SET(checkpoint->processes);
}

#define GETTER(name)                                                                             \
	static void get_##name(const struct checkpoint *checkpoint __attribute__((unused)),      \
			       const void *row, struct arena *arena __attribute__((unused)),     \
			       struct value *ret)                                                \
	{                                                                                        \
		const struct process *process = row;
GETTER(exe)
	*ret = file_path(referenced_file(checkpoint, process->exe_file_id));
}

GETTER(exe_file_id)
	*ret = file_id(referenced_file(checkpoint, process->exe_file_id));
}

GETTER(exe_deleted)
	const struct file *file = referenced_file(checkpoint, process->exe_file_id);

	if (file)
		*ret = value_bool(file->deleted);
}

GETTER(cwd)
	*ret = file_path(referenced_file(checkpoint, process->cwd_file_id));
}

GETTER(cwd_file_id)
	*ret = file_id(referenced_file(checkpoint, process->cwd_file_id));
}

GETTER(root)
	*ret = file_path(referenced_file(checkpoint, process->root_file_id));
}

GETTER(root_file_id)
	*ret = file_id(referenced_file(checkpoint, process->root_file_id));
}

GETTER(threads)
	(void)checkpoint;
	if (!process->is_unlisted)
		*ret = value_number(VALUE_UINT, process->n_threads);
}

GETTER(fds)
	if (!checkpoint->is_predump)
		*ret = value_number(VALUE_UINT, process->n_fds);
}

GETTER(vmas)
	if (!checkpoint->is_predump)
		*ret = value_number(VALUE_UINT, process->n_vmas);
}

GETTER(oom_score_adj)
	if (process->state)
		*ret = (struct value){ .type = VALUE_INT, .integer = process->oom_score_adj };
}

GETTER(child_subreaper)
	if (process->state)
		*ret = value_bool(process->child_subreaper);
}

GETTER(groups)
	(void)checkpoint;
	if (process->has_credentials) {
		ret->type = VALUE_NUMBERS;
		ret->numbers.items = process->credentials.groups;
		ret->numbers.n = process->credentials.n_groups;
	}
}
#undef GETTER

/* Numbers that only a task with credentials (not a zombie) has. */
#define CREDENTIAL_GETTER(field, kind, absent)                                                   \
	static void get_##field(const struct checkpoint *checkpoint, const void *row,            \
				struct arena *arena, struct value *ret)                          \
	{                                                                                        \
		const struct process *process = row;                                             \
                                                                                                 \
		(void)checkpoint;                                                                \
		(void)arena;                                                                     \
		if (process->has_credentials && process->credentials.field != ABSENT_##absent)   \
			*ret = value_number(VALUE_##kind, process->credentials.field);           \
	}
CREDENTIAL_GETTER(uid, UINT, U32)
CREDENTIAL_GETTER(euid, UINT, U32)
CREDENTIAL_GETTER(suid, UINT, U32)
CREDENTIAL_GETTER(fsuid, UINT, U32)
CREDENTIAL_GETTER(gid, UINT, U32)
CREDENTIAL_GETTER(egid, UINT, U32)
CREDENTIAL_GETTER(sgid, UINT, U32)
CREDENTIAL_GETTER(fsgid, UINT, U32)
CREDENTIAL_GETTER(cap_inheritable, HEX, U64)
CREDENTIAL_GETTER(cap_permitted, HEX, U64)
CREDENTIAL_GETTER(cap_effective, HEX, U64)
CREDENTIAL_GETTER(cap_bounding, HEX, U64)
CREDENTIAL_GETTER(securebits, HEX, U32)

static void mark_argv(const void *row, struct arena *arena, struct value *value)
{
	(void)row;
	secret_mark_arguments(arena, value);
}

static const struct column columns[] = {
	{ .name = "pid", .help = "process id, as in the image", COLUMN(process, pid, U32) },
	{ .name = "ppid", .help = "id of its parent; 0 for the root of the tree",
	  COLUMN(process, ppid, U32) },
	{ .name = "pgid", .help = "process group", .detail = true, COLUMN(process, pgid, U32) },
	{ .name = "sid", .help = "session", .detail = true, COLUMN(process, sid, U32) },
	{ .name = "uid", .help = "real user id", COMPUTED(UINT, get_uid) },
	{ .name = "gid", .help = "real group id", .detail = true, COMPUTED(UINT, get_gid) },
	{ .name = "state", .help = "alive, stopped or zombie", COLUMN(process, state, NAME) },
	{ .name = "threads", .help = "threads", COMPUTED(UINT, get_threads) },
	{ .name = "fds", .help = "open descriptors", .needs = PART_FDS,
	  COMPUTED(UINT, get_fds) },
	{ .name = "vmas", .help = "mappings", .needs = PART_MAPPINGS, COMPUTED(UINT, get_vmas) },
	{ .name = "bytes_present", .help = "memory whose bytes are in this checkpoint",
	  .unit = "bytes", .needs = PART_PAGES, COLUMN(process, bytes_present, U64) },
	{ .name = "pages_present", .help = "pages whose bytes are in this checkpoint",
	  .unit = "pages", .detail = true, .needs = PART_PAGES, COLUMN(process, pages_present, U64) },
	{ .name = "pages_parent", .help = "pages left in the parent checkpoint", .unit = "pages",
	  .detail = true, .needs = PART_PAGES, COLUMN(process, pages_parent, U64) },
	{ .name = "pages_lazy", .help = "pages left to a page server", .unit = "pages",
	  .detail = true, .needs = PART_PAGES, COLUMN(process, pages_lazy, U64) },
	{ .name = "pages_zero", .help = "pages of private anonymous memory that were never written",
	  .unit = "pages", .detail = true, .needs = PART_PAGES, COLUMN(process, pages_zero, U64) },
	{ .name = "comm", .help = "name of the leading thread", COLUMN(process, comm, BYTES) },
	{ .name = "exe", .help = "path of the executable", .detail = true, .needs = PART_MAPPINGS,
	  COMPUTED(TEXT, get_exe) },
	{ .name = "exe_file_id", .help = "its file.id", .detail = true, .needs = PART_MAPPINGS,
	  COMPUTED(UINT, get_exe_file_id) },
	{ .name = "exe_deleted", .help = "the executable has no name any more", .detail = true,
	  .needs = PART_MAPPINGS, COMPUTED(BOOL, get_exe_deleted) },
	{ .name = "argv", .help = "arguments, read from its memory; secrets are masked",
	  .needs = PART_STRINGS, .mark = mark_argv, COLUMN(process, argv, STRINGS) },
	{ .name = "cwd", .help = "working directory", .detail = true, .needs = PART_FILES,
	  COMPUTED(TEXT, get_cwd) },
	{ .name = "cwd_file_id", .help = "its file.id", .detail = true, .needs = PART_FILES,
	  COMPUTED(UINT, get_cwd_file_id) },
	{ .name = "root", .help = "root directory", .detail = true, .needs = PART_FILES,
	  COMPUTED(TEXT, get_root) },
	{ .name = "root_file_id", .help = "its file.id", .detail = true, .needs = PART_FILES,
	  COMPUTED(UINT, get_root_file_id) },
	{ .name = "exit_code", .help = "of a zombie, as wait(2) reports it", .detail = true,
	  COLUMN(process, exit_code, U32) },
	{ .name = "euid", .help = "effective user id", .detail = true, COMPUTED(UINT, get_euid) },
	{ .name = "suid", .help = "saved user id", .detail = true, COMPUTED(UINT, get_suid) },
	{ .name = "fsuid", .help = "file system user id", .detail = true,
	  COMPUTED(UINT, get_fsuid) },
	{ .name = "egid", .help = "effective group id", .detail = true, COMPUTED(UINT, get_egid) },
	{ .name = "sgid", .help = "saved group id", .detail = true, COMPUTED(UINT, get_sgid) },
	{ .name = "fsgid", .help = "file system group id", .detail = true,
	  COMPUTED(UINT, get_fsgid) },
	{ .name = "groups", .help = "supplementary groups", .detail = true,
	  COMPUTED(NUMBERS, get_groups) },
	{ .name = "cap_inheritable", .help = "inheritable capabilities", .detail = true,
	  COMPUTED(HEX, get_cap_inheritable) },
	{ .name = "cap_permitted", .help = "permitted capabilities", .detail = true,
	  COMPUTED(HEX, get_cap_permitted) },
	{ .name = "cap_effective", .help = "effective capabilities", .detail = true,
	  COMPUTED(HEX, get_cap_effective) },
	{ .name = "cap_bounding", .help = "bounding set of capabilities", .detail = true,
	  COMPUTED(HEX, get_cap_bounding) },
	{ .name = "cap_ambient", .help = "ambient capabilities; null: not recorded (CRIU before 4)",
	  .detail = true, CREDENTIAL(cap_ambient, HEX64) },
	{ .name = "securebits", .help = "securebits flags; null of running processes", .detail = true,
	  COMPUTED(HEX, get_securebits) },
	{ .name = "no_new_privs",
	  .help = "1: execve can grant no privileges; null: not recorded (CRIU before 4)",
	  .detail = true, CREDENTIAL(no_new_privs, U32) },
	{ .name = "seccomp", .help = "disabled, strict or filter", .detail = true,
	  COLUMN(process, seccomp, NAME) },
	{ .name = "lsm_profile", .help = "label of the Linux security module", .detail = true,
	  CREDENTIAL(lsm_profile, BYTES) },
	{ .name = "oom_score_adj", .help = "out-of-memory score adjustment", .detail = true,
	  COMPUTED(INT, get_oom_score_adj) },
	{ .name = "loginuid", .help = "audit login uid", .detail = true,
	  COLUMN(process, loginuid, U32) },
	{ .name = "cgroup_set", .help = "id of its set of cgroups", .detail = true,
	  COLUMN(process, cgroup_set, U32) },
	{ .name = "child_subreaper", .help = "orphans below it become its children", .detail = true,
	  COMPUTED(BOOL, get_child_subreaper) },
	{ .name = "umask", .help = "file mode creation mask", .detail = true,
	  COLUMN(process, umask, OCTAL32) },
	{ .name = "personality", .help = "personality(2)", .detail = true,
	  COLUMN(process, personality, HEX32) },
	{ .name = "files_id", .help = "id of its descriptor table; tasks may share one",
	  .detail = true, COLUMN(process, files_id, U32) },
	{ .name = "pid_ns", .help = "CRIU's id of its pid namespace", .detail = true,
	  COLUMN(process, pid_ns, U32) },
	{ .name = "net_ns", .help = "network namespace", .detail = true,
	  COLUMN(process, net_ns, U32) },
	{ .name = "ipc_ns", .help = "IPC namespace", .detail = true, COLUMN(process, ipc_ns, U32) },
	{ .name = "uts_ns", .help = "UTS namespace", .detail = true, COLUMN(process, uts_ns, U32) },
	{ .name = "mnt_ns", .help = "mount namespace", .detail = true,
	  COLUMN(process, mnt_ns, U32) },
	{ .name = "user_ns", .help = "user namespace", .detail = true,
	  COLUMN(process, user_ns, U32) },
	{ .name = "cgroup_ns", .help = "cgroup namespace", .detail = true,
	  COLUMN(process, cgroup_ns, U32) },
	{ .name = "tracer_pid", .help = "of a running process the one that traces it; 0: none",
	  .detail = true, COLUMN(process, tracer_pid, U32) },
	{ .name = "inner_pid", .help = "of a running process its id in its own pid namespace",
	  .detail = true, COLUMN(process, ns_pid, U32) },
	{ .name = "inner_sid", .help = "its session there; 0: that began outside", .detail = true,
	  COLUMN(process, ns_sid, U32) },
	{ .name = "time_ns", .help = "time namespace", .detail = true,
	  COLUMN(process, time_ns, U32) },
};

const struct table table_process = {
	.name = "process",
	.plural = "processes",
	.help = "a task",
	.key = "pid",
	.noise = "threads fds vmas bytes_present pages_present pages_parent pages_lazy pages_zero exe_file_id "
		 "cwd_file_id root_file_id cgroup_set files_id pid_ns net_ns ipc_ns uts_ns mnt_ns "
		 "user_ns cgroup_ns time_ns tracer_pid inner_pid inner_sid",
	.needs = PART_TASKS,
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.rows = rows,
};
