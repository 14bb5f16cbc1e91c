#include "inspect/target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoders/base/arena.h"

static void free_target(struct target *target)
{
	unfinished_end(&target->unfinished);
	free(target->real);
	free(target->temporary);
	target->real = target->temporary = NULL;
}

/* What mkstemp's 0600 would be had the file been made in the ordinary way. */
static mode_t usual_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

struct error *target_open(struct target *target, struct out *out)
{
	struct stat st;
	int fd;

	if (!target->path) {
		out_init(out, STDOUT_FILENO);
		return NULL;
	}
	if (stat(target->path, &st) == 0 && !S_ISREG(st.st_mode)) {
		fd = open(target->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	} else {
		target->real = realpath(target->path, NULL);
		if (!target->real && !(target->real = strdup(target->path)))
			out_of_memory();
		if (asprintf(&target->temporary, "%s.XXXXXX", target->real) < 0)
			out_of_memory();
		unfinished_hold();
		fd = mkostemp(target->temporary, O_CLOEXEC);
		if (fd >= 0)
			unfinished_begin(&target->unfinished, AT_FDCWD, target->temporary);
		unfinished_let();
		if (fd >= 0 && !target->is_private)
			(void)fchmod(fd, usual_mode()); /* the sandbox changes no modes later */
	}
	if (fd < 0) {
		struct error *error = error_errno(ERROR_USAGE, "cannot write");

		free_target(target);
		return error_in_source(error, target->path);
	}
	out_init(out, fd);
	return NULL;
}

struct error *target_close(struct target *target, struct out *out, bool keep)
{
	bool written = out_flush(out);
	struct error *error = NULL;

	if (!written && keep) {
		errno = out->error;
		error = error_errno(ERROR_INTERNAL, "cannot write the output");
	}
	if (target->temporary) {
		if (!error && keep &&
		    (fsync(out->fd) < 0 || rename(target->temporary, target->real) < 0))
			error = error_errno(ERROR_INTERNAL, "cannot write %s", target->path);
		if (error || !keep)
			unlink(target->temporary);
	}
	if (target->path)
		close(out->fd);
	free_target(target);
	out_deinit(out);
	return error;
}
