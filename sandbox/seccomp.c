/*
 * seccomp: a filter of our own, a row for each system call that is needed. What has no row fails with EPERM.
 *
 * The filter sees the number and the arguments as numbers, not what they point to.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "sandbox/sandbox.h"

#if defined(__x86_64__) && defined(__LP64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define OUR_ARCHITECTURE AUDIT_ARCH_RISCV64
#elif defined(__s390x__)
#define OUR_ARCHITECTURE AUDIT_ARCH_S390X
#elif defined(__powerpc64__) && __BYTE_ORDER == __LITTLE_ENDIAN
#define OUR_ARCHITECTURE AUDIT_ARCH_PPC64LE
#else
#define OUR_ARCHITECTURE 0 /* no filter */
#endif

#ifdef __s390x__
enum { CLONE_FLAGS = 1 }; /* clone takes the stack first */
#else
enum { CLONE_FLAGS = 0 };
#endif

/* --- what is needed ------------------------------------------------------------------------------ */

/* Whatever their arguments are; the most frequent first. */
static const int harmless[] = {
	/* files that are open or that Landlock lets be opened */
	SYS_pread64, SYS_read, SYS_close, SYS_newfstatat, SYS_fstat, SYS_lseek, SYS_write,
	SYS_getdents64, SYS_readv, SYS_preadv, SYS_writev, SYS_statx, SYS_readlinkat, SYS_faccessat,
	SYS_faccessat2, SYS_getcwd, SYS_fcntl, SYS_dup, SYS_dup3, SYS_fsync, SYS_fdatasync,
	SYS_fadvise64, SYS_statfs, SYS_fstatfs, SYS_umask, SYS_ppoll, SYS_pselect6,
	/* memory */
	SYS_munmap, SYS_mremap, SYS_brk, SYS_madvise,
	/* threads, and the end */
	SYS_futex, SYS_set_robust_list, SYS_set_tid_address, SYS_rseq, SYS_membarrier, SYS_sched_yield,
	SYS_sched_getaffinity, SYS_exit, SYS_exit_group,
	/* handling signals */
	SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack, SYS_restart_syscall,
	/* what it may know */
	SYS_getpid, SYS_gettid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_clock_gettime,
	SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_getrandom,
	SYS_sysinfo, SYS_uname, SYS_getrusage, SYS_prlimit64,
	/* what only some architectures have */
#ifdef SYS_open
	SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_dup2, SYS_poll, SYS_select, SYS_time,
#endif
#ifdef SYS_getrlimit
	SYS_getrlimit,
#endif
};

/* To open files that Landlock lets be opened: the flags are in memory. */
static const int by_landlock[] = { SYS_openat2 };

/* To look at running processes: which share what, what a socket is, and the listings that are open already. */
static const int for_processes[] = { SYS_kcmp, SYS_getxattr, SYS_recvfrom };

/* To put the output in its place. */
static const int for_output[] = {
	SYS_renameat2, SYS_unlinkat,
#ifdef SYS_renameat
	SYS_renameat,
#endif
#ifdef SYS_rename
	SYS_rename, SYS_unlink,
#endif
};

/* To leave holes at the end of files, and to remove one that is not complete. openat2, Landlock's, makes them. */
static const int for_files[] = { SYS_ftruncate, SYS_unlinkat };

/* To open a journal beside a database, to write both, and to remove it. */
static const int for_database[] = {
	SYS_openat, SYS_pwrite64, SYS_ftruncate, SYS_unlinkat,
#ifdef SYS_open
	SYS_open, SYS_unlink,
#endif
};

enum when {
	WITHOUT, /* none of these bits is set in the argument */
	WITH,	 /* all of them are */
	EQUAL,
};

#define WRITING (O_ACCMODE | O_CREAT | O_TRUNC)

/* What newer C libraries ask a terminal by; its own name needs a header of the kernel's. */
#define OUR_TCGETS2 _IOC(_IOC_READ, 'T', 0x2a, 44)

static const struct checked {
	int number;
	enum when when;
	unsigned argument;
	uint32_t value;
} checked[] = {
	{ SYS_openat, WITHOUT, 2, WRITING },
#ifdef SYS_open
	{ SYS_open, WITHOUT, 1, WRITING },
#endif
	{ SYS_mmap, WITHOUT, 2, PROT_EXEC },
	{ SYS_mprotect, WITHOUT, 2, PROT_EXEC },
	{ SYS_clone, WITH, CLONE_FLAGS, CLONE_THREAD },
	{ SYS_ioctl, EQUAL, 1, TCGETS },
	{ SYS_ioctl, EQUAL, 1, OUR_TCGETS2 },
	{ SYS_ioctl, EQUAL, 1, TIOCGWINSZ },
};

/* A request over a socket that is connected to where it goes: with no address. */
static const struct checked request = { SYS_sendto, EQUAL, 5, 0 };

/* To take over a terminal and to give it back; never to put words into its input. */
#define OUR_TCSETS2(n) _IOC(_IOC_WRITE, 'T', 0x2b + (n), 44)

static const struct checked for_terminal[] = {
	{ SYS_ioctl, EQUAL, 1, TCSETS },	 { SYS_ioctl, EQUAL, 1, TCSETSW },
	{ SYS_ioctl, EQUAL, 1, TCSETSF },	 { SYS_ioctl, EQUAL, 1, OUR_TCSETS2(0) },
	{ SYS_ioctl, EQUAL, 1, OUR_TCSETS2(1) }, { SYS_ioctl, EQUAL, 1, OUR_TCSETS2(2) },
	{ SYS_ioctl, EQUAL, 1, TCFLSH },
};

/* --- the program --------------------------------------------------------------------------------- */

enum { MOST_INSTRUCTIONS = 512 };

struct program {
	struct sock_filter code[MOST_INSTRUCTIONS];
	unsigned short n;
};

static void emit(struct program *program, uint16_t code, uint32_t value, uint8_t if_true,
		 uint8_t if_false)
{
	if (program->n < MOST_INSTRUCTIONS)
		program->code[program->n++] = (struct sock_filter){ code, if_true, if_false, value };
}

static void load(struct program *program, size_t offset)
{
	emit(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void give(struct program *program, uint32_t verdict)
{
	emit(program, BPF_RET | BPF_K, verdict, 0, 0);
}

/* The low half of an argument: flags and commands have no more. */
static size_t argument_offset(unsigned argument)
{
	return offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t) +
	       (__BYTE_ORDER == __BIG_ENDIAN ? sizeof(uint32_t) : 0);
}

static void add(struct program *program, int number, uint32_t verdict)
{
	emit(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1);
	give(program, verdict);
}

static void add_all(struct program *program, const int *numbers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add(program, numbers[i], SECCOMP_RET_ALLOW);
}

/* The number is loaded before, and again behind: another row may allow the same call. */
static void add_checked(struct program *program, const struct checked *row)
{
	bool with = row->when == WITH, without = row->when == WITHOUT;

	emit(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)row->number, 0, with ? 5 : 4);
	load(program, argument_offset(row->argument));
	if (with)
		emit(program, BPF_ALU | BPF_AND | BPF_K, row->value, 0, 0);
	emit(program, BPF_JMP | (without ? BPF_JSET : BPF_JEQ) | BPF_K, row->value, without, !without);
	give(program, SECCOMP_RET_ALLOW);
	load(program, offsetof(struct seccomp_data, nr));
}

static void build(struct program *program, const struct sandbox *sandbox)
{
	/* abort() signals the process itself. */
	const struct checked own_signal = { SYS_tgkill, EQUAL, 0, (uint32_t)getpid() };

	load(program, offsetof(struct seccomp_data, arch));
	emit(program, BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCHITECTURE, 1, 0);
	give(program, SECCOMP_RET_KILL_PROCESS);
	load(program, offsetof(struct seccomp_data, nr));
	add_all(program, harmless, ARRAY_SIZE(harmless));
	if (sandbox->processes)
		add_all(program, for_processes, ARRAY_SIZE(for_processes));
	else
		add_all(program, by_landlock, ARRAY_SIZE(by_landlock));
	for (size_t i = 0; i < ARRAY_SIZE(checked); i++)
		add_checked(program, &checked[i]);
	add_checked(program, &own_signal);
	if (sandbox->processes)
		add_checked(program, &request);
	for (size_t i = 0; sandbox->terminal && i < ARRAY_SIZE(for_terminal); i++)
		add_checked(program, &for_terminal[i]);
	if (sandbox->output_directory || sandbox->n_report_directories)
		add_all(program, for_output, ARRAY_SIZE(for_output));
	if (sandbox->database_directory)
		add_all(program, for_database, ARRAY_SIZE(for_database));
	if (sandbox->files_directory)
		add_all(program, for_files, ARRAY_SIZE(for_files));
	/* Its flags are in memory. Told that there is no such call, the C library takes clone. */
	add(program, SYS_clone3, SECCOMP_RET_ERRNO | ENOSYS);
	give(program, SECCOMP_RET_ERRNO | EPERM);
}

bool seccomp_available(void)
{
	uint32_t action = SECCOMP_RET_ERRNO;

	return OUR_ARCHITECTURE && syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

bool seccomp_enter(const struct sandbox *sandbox)
{
	struct program program = { .n = 0 };
	struct sock_fprog filter = { .filter = program.code };

	if (!seccomp_available())
		return false;
	build(&program, sandbox);
	filter.len = program.n;
	return program.n < MOST_INSTRUCTIONS &&
	       syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter) == 0;
}
