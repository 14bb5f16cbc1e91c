/*
 * The rows of the model: what a checkpoint says, joined and made compact.
 *
 * Each struct is a row of the table of the same name (db/tables). Every row begins with its
 * origin: the image, entry and offset that it was read from. Absent is told apart from empty:
 * text that is absent has data == NULL, a number that is absent is one of the ABSENT values.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "decoders/base/bytes.h"

#define ABSENT_U32 UINT32_MAX
#define ABSENT_U64 UINT64_MAX
#define NO_ROW UINT32_MAX

/* Where a row comes from. */
struct origin {
	uint32_t member; /* index into the source's members, or NO_ROW */
	uint32_t entry;  /* of the image, or NO_ENTRY */
	uint64_t offset; /* in the member, or NO_OFFSET */
	uint32_t layer;  /* 0: this checkpoint; else the ancestor that the member belongs to */
};

#define ORIGIN_AROUND UINT32_MAX /* as layer: the member is of the source around the images */

#define NO_ORIGIN \
	((struct origin){ .member = NO_ROW, .entry = UINT32_MAX, .offset = UINT64_MAX })

/* A list of bytes, each item ended by a NUL: argv, environ. */
struct strings {
	struct bytes bytes; /* data == NULL: absent */
};

struct credentials {
	uint32_t uid, euid, suid, fsuid, gid, egid, sgid, fsgid;
	const uint32_t *groups;
	uint32_t n_groups;
	uint64_t cap_inheritable, cap_permitted, cap_effective, cap_bounding;
	uint64_t cap_ambient;  /* ABSENT_U64: this CRIU did not record it */
	uint32_t securebits;
	uint32_t no_new_privs; /* ABSENT_U32: likewise */
	struct bytes lsm_profile;
};

struct process {
	struct origin origin; /* the entry of pstree.img; without one an image that has the pid in its name */
	uint32_t pid, ppid, pgid, sid; /* all but the first ABSENT_U32 where no pstree.img lists it */
	const char *state; /* alive, stopped, zombie; NULL: no core image says */
	struct bytes comm;
	uint32_t exe_file_id, cwd_file_id, root_file_id; /* CRIU's ids; ABSENT_U32 */
	struct strings argv;
	uint32_t exit_code; /* as wait(2) reports it; of zombies, else ABSENT_U32 */
	uint32_t personality, umask;
	struct credentials credentials; /* of the leading thread */
	bool has_credentials;
	const char *seccomp; /* disabled, strict, filter */
	uint32_t loginuid;
	int32_t oom_score_adj;
	bool child_subreaper;
	uint32_t cgroup_set;
	uint32_t files_id, fs_id, vm_id, sighand_id;
	uint32_t pid_ns, net_ns, ipc_ns, uts_ns, mnt_ns, user_ns, cgroup_ns, time_ns;
	/* of running tasks only, else ABSENT_U32: */
	uint32_t tracer_pid;     /* 0: nobody traces it */
	uint32_t ns_pid, ns_sid; /* in its own pid namespace; a session of 0 began outside of it */
	uint32_t n_threads;
	uint32_t n_fds, n_vmas;
	uint64_t pages_present, pages_parent, pages_lazy;
	uint64_t pages_zero;    /* of private anonymous memory, in no page map; ABSENT_U64: not known */
	uint64_t bytes_present; /* pages_present in bytes; ABSENT_U64: page size unknown */
	bool is_unlisted; /* in no pstree.img: whose child it is and how many threads it has is not known */
	/* for the model itself */
	bool has_mm;
	uint64_t arg_start, arg_end, env_start, env_end, start_stack;
	const char *old_seccomp; /* of all its threads: old dumps have one mode and filter a task */
	uint32_t old_seccomp_filter;
	struct strings environ;
	struct origin argv_origin, environ_origin;
	uint32_t first_vma;
	/* for the loaders of running tasks: masks of signals, its controlling terminal, when it began in ticks */
	uint64_t pending_signals, ignored_signals, caught_signals;
	uint32_t tty;
	uint64_t started;
};

struct thread {
	struct origin origin; /* the entry of core-<tid>.img */
	uint32_t pid, tid; /* pid: ABSENT_U32 where no pstree.img says whose it is */
	struct bytes comm;
	const char *state; /* of a running one: running, sleeping, uninterruptible, ...; else NULL */
	uint64_t ip, sp, syscall; /* syscall: the number that was being made, or ABSENT_U64 */
	uint64_t blocked_signals; /* ABSENT_U64: there is no core image; then nice is not known either */
	uint64_t pending_signals; /* for the loaders of running tasks */
	uint32_t sched_policy, sched_priority;
	int32_t nice;
	uint32_t pdeath_signal;
	const char *seccomp;
	uint32_t seccomp_filter;
	uint64_t rseq_address, clear_tid_address, tls;
	uint64_t sigaltstack, sigaltstack_size;
	uint64_t xstate_features; /* XSAVE's state components on x86, else ABSENT_U64 */
};

/* An open file description. CRIU's key is (type, image_id). */
struct file {
	struct origin origin;
	uint32_t id;        /* unique within the checkpoint; image_id where that is unique */
	uint32_t image_id;
	uint32_t fd_type;   /* a value of fd_types */
	const char *type;   /* its name: reg, pipe, inetsk, ... */
	struct bytes path;  /* a path, or what /proc shows for files without one: pipe:[7] */
	struct bytes detail; /* what it is in words, where the path does not say */
	uint32_t flags;     /* of open(2), or ABSENT_U32 */
	uint64_t pos;       /* bytes, or ABSENT_U64 */
	uint32_t mode;      /* type and permission bits, or ABSENT_U32 */
	uint64_t size;      /* bytes, or ABSENT_U64 */
	int32_t mnt_id;     /* -1: not recorded */
	uint32_t device;    /* of a device file of a running task: the C library's form; else ABSENT_U32 */
	uint32_t links;     /* names that the file of a running task still has; else ABSENT_U32 */
	bool deleted;
	const char *remap;  /* ghost, linked, procfs: how a file that has no name is brought back */
	uint32_t remap_id;
	uint64_t held_bytes; /* content that the images hold of it: ghost, pipe, queue, memfd */
	uint64_t inode;      /* pipe id, socket or memfd inode, ...; ABSENT_U64 */
	uint64_t shmid;      /* of a memfd: the id in pagemap-shmem-N; ABSENT_U64 */
	uint32_t reg_id;     /* the regular file that has its path, or ABSENT_U32 */
	uint64_t n_watched;  /* of epoll, inotify and fanotify files */
	uint32_t socket;     /* row of socket, or NO_ROW */
	uint32_t n_fds;      /* descriptors that refer to it */
	uint32_t first_pid;  /* the lowest pid that has it open, or ABSENT_U32 */
	uint32_t first_fd, last_fd; /* rows of fd that refer to it: from the first on by .next; NO_ROW */
};

struct fd {
	struct origin origin; /* the entry of fdinfo-N.img */
	uint32_t pid, fd;
	uint32_t fd_type;
	uint32_t image_id;
	uint32_t file;        /* row of file, or NO_ROW: the file is missing */
	uint32_t next;        /* row of the next one of that file, or NO_ROW */
	bool close_on_exec;
};

struct socket {
	struct origin origin;
	uint32_t id;               /* of its file row */
	uint32_t file;
	const char *family;        /* inet, inet6, unix, netlink, packet */
	const char *type;          /* stream, dgram, raw, seqpacket, packet; NULL: not recorded */
	struct bytes proto;        /* tcp, udp, icmp, a netlink protocol, or the number */
	const char *state;         /* ESTABLISHED, ... */
	struct bytes local_addr, remote_addr; /* an address; unix: a path, @name when abstract */
	uint32_t local_port, remote_port;     /* ABSENT_U32: the family has none */
	uint64_t ino, peer_ino;    /* peer_ino: of unix sockets; ABSENT_U64 */
	bool is_connected;
	bool is_external;          /* somebody else's: in the image only because a task talks to it */
	bool peer_inside;          /* the other end is in this checkpoint too */
	uint32_t peer_id;          /* its file id, or ABSENT_U32 */
	uint32_t peer_file;        /* row of that file, or NO_ROW */
	uint64_t inq_bytes, outq_bytes, unsent_bytes; /* ABSENT_U64: not recorded */
	uint32_t backlog;          /* of sockets that listen, else ABSENT_U32 */
	uint32_t ns_id;
	const char *shutdown;      /* read, write, both; NULL: not shut down */
	uint32_t send_buffer, receive_buffer;
	struct bytes options;      /* what setsockopt(2) changed, in words; absent: not recorded */
};

struct vma {
	struct origin origin; /* the entry of mm-<pid>.img */
	uint32_t pid;
	uint64_t start, end;
	char prot[5];         /* rw-p */
	uint32_t flags;       /* of mmap(2) */
	uint32_t status;      /* CRIU's bits */
	const char *kind;     /* anon, file, heap, stack, shmem, ... */
	uint32_t file;        /* row of file, or NO_ROW */
	uint64_t shmid;
	uint64_t pgoff;       /* bytes */
	uint64_t pages_present, pages_parent, pages_lazy;
	uint64_t pages_absent; /* the rest; ABSENT_U64: page size unknown */
	bool dirty_text;      /* dumped pages in a file mapping that is not writable */
	uint64_t madvise;
	struct bytes vm_flags; /* of a running task: as VmFlags of smaps has them, "rd wr io"; else absent */
};

struct env {
	struct origin origin; /* its bytes in the pages image */
	uint32_t pid;
	struct bytes name, value; /* value: absent where the string has no "=" */
};
