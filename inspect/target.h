/*
 * A file that a result is written to.
 *
 * It goes to a file beside PATH that is renamed when it is complete. A link is kept and what it leads to is
 * replaced; a device or a pipe is written to. A signal that ends the program removes the file beside.
 */
#pragma once

#include "decoders/base/error.h"
#include "decoders/base/out.h"
#include "inspect/unfinished.h"

struct target {
	const char *path; /* NULL: standard output */
	char *real;       /* with its links followed; NULL: written directly */
	char *temporary;
	struct unfinished unfinished; /* the temporary one */
	bool is_private;  /* readable to its owner alone, as the kernel's cores are */
};

/* Opens OUT on it, before the sandbox is entered. */
struct error *target_open(struct target *target, struct out *out) __attribute__((warn_unused_result));

/* Writes what is left and puts the file in its place, or where it is not to be kept removes it. */
struct error *target_close(struct target *target, struct out *out, bool keep)
	__attribute__((warn_unused_result));
