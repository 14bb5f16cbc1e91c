/*
 * Landlock, by system call. What is not allowed by a rule is denied, for each kind of access that the ruleset
 * handles: all that the kernel knows, so that a newer kernel denies more.
 *
 * The numbers are those of the kernel's include/uapi/linux/landlock.h, here because a distribution's own
 * header may be older than the kernel it runs on.
 */
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/sandbox.h"

/* The same on every architecture. */
enum {
	NR_CREATE_RULESET = 444,
	NR_ADD_RULE = 445,
	NR_RESTRICT_SELF = 446,
};

enum {
	CREATE_RULESET_VERSION = 1,
	RULE_PATH_BENEATH = 1,
};

#define ACCESS_WRITE_FILE ((uint64_t)1 << 1)
#define ACCESS_READ_FILE ((uint64_t)1 << 2)
#define ACCESS_READ_DIR ((uint64_t)1 << 3)
#define ACCESS_REMOVE_FILE ((uint64_t)1 << 5)
#define ACCESS_MAKE_REG ((uint64_t)1 << 8)
#define ACCESS_TRUNCATE ((uint64_t)1 << 14)

struct ruleset {
	uint64_t files;   /* kinds of access that are handled */
	uint64_t network; /* from version 4 */
	uint64_t scopes;  /* from version 6 */
};

struct path_rule {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

int landlock_version(void)
{
	long version = syscall(NR_CREATE_RULESET, NULL, (size_t)0, CREATE_RULESET_VERSION);

	return version > 0 ? (int)version : 0;
}

/* Version 1 knows 13 kinds of access; 2 moving between directories, 3 truncating, 5 ioctl. */
static struct ruleset everything(int version, size_t *ret_size)
{
	unsigned kinds = version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13;

	*ret_size = (version >= 6 ? 3 : version >= 4 ? 2 : 1) * sizeof(uint64_t);
	return (struct ruleset){
		.files = ((uint64_t)1 << kinds) - 1,
		.network = 3, /* TCP: bind and connect */
		.scopes = 3,  /* abstract unix sockets and signals of others */
	};
}

static void allow(int ruleset, int path, uint64_t access)
{
	struct path_rule rule = { .allowed = access, .parent = path };

	if (path < 0)
		return;
	/* Where this fails the file cannot be read, and that will be told where it is. */
	(void)syscall(NR_ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0);
	close(path);
}

/* A file alone; a directory, with what lies beside it. */
static void allow_input(int ruleset, const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		allow(ruleset, openat(fd, "..", O_PATH | O_CLOEXEC), ACCESS_READ_FILE | ACCESS_READ_DIR);
		close(fd);
		return;
	}
	allow(ruleset, fd, ACCESS_READ_FILE);
}

bool landlock_enter(const struct sandbox *sandbox, int version)
{
	/* The C library's: archives are read in a UTF-8 locale of its own. */
	static const char locales[] = "/usr/lib/locale";
	struct ruleset handled;
	size_t size;
	long ruleset, status;

	if (version == 0)
		return false;
	handled = everything(version, &size);
	ruleset = syscall(NR_CREATE_RULESET, &handled, size, 0);
	if (ruleset < 0)
		return false;
	for (size_t i = 0; i < sandbox->n_inputs; i++)
		allow_input((int)ruleset, sandbox->inputs[i]);
	if (sandbox->evidence_directory)
		allow((int)ruleset, open(sandbox->evidence_directory, O_PATH | O_DIRECTORY | O_CLOEXEC),
		      ACCESS_READ_FILE | ACCESS_READ_DIR);
	allow((int)ruleset, open(locales, O_PATH | O_CLOEXEC), ACCESS_READ_FILE | ACCESS_READ_DIR);
	if (sandbox->output_directory)
		allow((int)ruleset, open(sandbox->output_directory, O_PATH | O_DIRECTORY | O_CLOEXEC),
		      ACCESS_REMOVE_FILE | ACCESS_MAKE_REG);
	for (size_t i = 0; i < sandbox->n_report_directories; i++)
		allow((int)ruleset, open(sandbox->report_directories[i], O_PATH | O_DIRECTORY | O_CLOEXEC),
		      ACCESS_REMOVE_FILE | ACCESS_MAKE_REG);
	if (sandbox->files_directory)
		allow((int)ruleset, open(sandbox->files_directory, O_PATH | O_DIRECTORY | O_CLOEXEC),
		      (ACCESS_MAKE_REG | ACCESS_WRITE_FILE | ACCESS_TRUNCATE | ACCESS_REMOVE_FILE) & handled.files);
	if (sandbox->database_directory)
		allow((int)ruleset, open(sandbox->database_directory, O_PATH | O_DIRECTORY | O_CLOEXEC),
		      (ACCESS_READ_FILE | ACCESS_READ_DIR | ACCESS_WRITE_FILE | ACCESS_TRUNCATE |
		       ACCESS_MAKE_REG | ACCESS_REMOVE_FILE) & handled.files);
	status = syscall(NR_RESTRICT_SELF, (int)ruleset, 0);
	close((int)ruleset);
	return status == 0;
}
