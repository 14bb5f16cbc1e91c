#include "inspect/inputs.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "decoders/base/size.h"

static bool is_path_of(const char *path, const struct stat *file)
{
	struct stat st;

	return path && *path && stat(path, &st) == 0 && st.st_dev == file->st_dev && st.st_ino == file->st_ino;
}

static bool is_any_of(const char *const *paths, size_t n, const struct stat *file)
{
	for (size_t i = 0; i < n; i++)
		if (is_path_of(paths[i], file))
			return true;
	return false;
}

static bool is_read(const struct invocation *invocation, const struct stat *file)
{
	const struct options *options = &invocation->options;
	const struct judge_options *judge = &options->judge;
	const char *const single[] = { options->check, judge->log, judge->baseline, judge->ignore,
				       judge->live_pid, judge->live_cgroup };

	return is_any_of(invocation->arguments, (size_t)invocation->n_arguments, file) ||
	       is_any_of(options->parents, options->n_parents, file) ||
	       is_any_of(options->merged, options->n_merged, file) ||
	       is_any_of(options->scan.indicators, options->scan.n_indicators, file) ||
	       is_any_of(single, ARRAY_SIZE(single), file);
}

/* The file itself, or the directory that it is in. */
struct error *inputs_spare(const struct invocation *invocation, const char *output)
{
	char *path = output ? realpath(output, NULL) : NULL;
	struct stat file, directory;
	bool is_input = false;

	if (path && stat(path, &file) == 0 && S_ISREG(file.st_mode))
		is_input = is_read(invocation, &file) ||
			   (stat(dirname(path), &directory) == 0 && is_read(invocation, &directory));
	free(path);
	return is_input ? error_new(ERROR_USAGE, "%s is what is read: nothing is changed in place", output) : NULL;
}
