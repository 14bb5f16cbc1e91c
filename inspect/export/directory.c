#include "inspect/export/directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "decoders/base/arena.h"
#include "inspect/above.h"

static struct error *check_empty(int fd)
{
	DIR *directory = fdopendir(dup(fd));
	const struct dirent *entry;
	struct error *error = NULL;

	if (!directory)
		return error_errno(ERROR_USAGE, "cannot list the directory");
	while (!error && (entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			error = error_new(ERROR_USAGE, "the directory is not empty");
	closedir(directory);
	return error;
}

/* Whether a directory is OUTER or beneath it. */
static bool is_within(int directory, const struct stat *outer)
{
	struct above above;
	bool within;

	above_find(directory, &above);
	within = above_has(&above, outer);
	above_deinit(&above);
	return within;
}

static struct error *check_directory(int fd, const char *evidence)
{
	struct stat st;

	if (stat(evidence, &st) == 0 && S_ISDIR(st.st_mode) && is_within(fd, &st))
		return error_new(ERROR_USAGE, "the directory is in the evidence");
	return check_empty(fd);
}

/* PATH without slashes at its end: "link/" would be what the link leads to. */
static struct error *open_directory(const char *path, const char *evidence, int *ret)
{
	bool is_new = mkdir(path, 0700) == 0;
	struct error *error;
	int fd;

	if (!is_new && errno != EEXIST)
		return error_errno(ERROR_USAGE, "cannot make the directory");
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return error_errno(ERROR_USAGE, "not a directory that files can go to");
	error = check_directory(fd, evidence);
	if (!error) {
		*ret = fd;
		return NULL;
	}
	close(fd);
	if (is_new)
		rmdir(path);
	return error;
}

struct error *directory_open(const char *path, const char *evidence, int *ret)
{
	struct error *error;
	char *name;

	if (!path)
		return error_new(ERROR_USAGE, "-o DIR is needed: where the files go");
	name = strdup(path);
	if (!name)
		out_of_memory();
	for (size_t len = strlen(name); len > 1 && name[len - 1] == '/'; len--)
		name[len - 1] = '\0';
	error = open_directory(name, evidence, ret);
	free(name);
	return error_in_source(error, path);
}

int directory_make_file(int directory, const char *name)
{
	struct open_how how = {
		.flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		.mode = 0600,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, directory, name, &how, sizeof(how));

	/* Before Linux 5.6. The names are ours and have no slash. */
	if (fd < 0 && errno == ENOSYS)
		return openat(directory, name, (int)how.flags, (mode_t)how.mode);
	return (int)fd;
}
