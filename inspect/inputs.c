#include "inspect/inputs.h"

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "decoders/model/layers.h"
#include "inspect/above.h"

/* --- where the output goes ------------------------------------------------------------------------------- */

struct destination {
	struct stat file;
	struct above above;
};

/*
 * False where nothing would be replaced: there is no such file yet, or it is a device or a pipe. What a link leads to
 * is replaced; where it leads nowhere, the link itself.
 */
static bool destination_find(const char *output, struct destination *ret)
{
	char *path = realpath(output, NULL);
	bool is_replaced;
	int fd;

	if (!path && !(path = strdup(output)))
		out_of_memory();
	is_replaced = lstat(path, &ret->file) == 0 && (S_ISREG(ret->file.st_mode) || S_ISLNK(ret->file.st_mode));
	if (is_replaced) {
		fd = open(dirname(path), O_PATH | O_DIRECTORY | O_CLOEXEC);
		above_find(fd, &ret->above);
		if (fd >= 0)
			close(fd);
	}
	free(path);
	return is_replaced;
}

/* --- what is read ---------------------------------------------------------------------------------------- */

/* Where the images in a directory say that their parent is, if that is a place that is looked at. */
static int open_parent(int directory)
{
	char link[NAME_MAX + sizeof("../")];
	ssize_t len = readlinkat(directory, "parent", link, sizeof(link) - 1);

	if (len < 0 || !link_is_beside((struct bytes){ (const uint8_t *)link, (size_t)len }))
		return -1;
	link[len] = '\0';
	return openat(directory, link, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The file, the directory with what is beneath it, and the parents of the images in that. */
static bool is_at(const char *path, const struct destination *to)
{
	int fd = !path ? -1 : strcmp(path, "-") ? open(path, O_PATH | O_CLOEXEC) : dup(STDIN_FILENO);
	bool found = false;
	struct stat st;

	for (int i = 0; fd >= 0 && !found && i < MOST_LAYERS; i++) {
		int parent = open_parent(fd);

		found = fstat(fd, &st) == 0 && (is_same_file(&st, &to->file) || above_has(&to->above, &st));
		close(fd);
		fd = parent;
	}
	if (fd >= 0)
		close(fd);
	return found;
}

static bool any_is_at(const char *const *paths, size_t n, const struct destination *to)
{
	for (size_t i = 0; i < n; i++)
		if (is_at(paths[i], to))
			return true;
	return false;
}

static bool is_read(const struct invocation *invocation, const struct destination *to)
{
	const struct options *options = &invocation->options;
	const struct judge_options *judge = &options->judge;
	const char *const single[] = { options->check, judge->log, judge->baseline, judge->ignore,
				       judge->live_pid, judge->live_cgroup };
	int first, end;

	command_files(invocation, &first, &end);
	return (end > first && any_is_at(invocation->arguments + first, (size_t)(end - first), to)) ||
	       any_is_at(options->parents, options->n_parents, to) ||
	       any_is_at(options->merged, options->n_merged, to) ||
	       any_is_at(options->scan.indicators, options->scan.n_indicators, to) ||
	       any_is_at(judge->rules, judge->n_rules, to) ||
	       any_is_at(single, ARRAY_SIZE(single), to);
}

struct error *inputs_spare(const struct invocation *invocation, const char *output)
{
	struct destination to;
	bool is_input;

	if (!output || !destination_find(output, &to))
		return NULL;
	is_input = is_read(invocation, &to);
	above_deinit(&to.above);
	return is_input ? error_new(ERROR_USAGE, "%s is what is read, or lies in it: nothing is changed in place", output)
			: NULL;
}
