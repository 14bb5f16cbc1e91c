/*
 * What a command line names that is read: outputs must not be put in its place.
 */
#pragma once

#include "inspect/command.h"

/*
 * A usage error where the file OUTPUT is one that is read, or lies anywhere beneath a directory that is: one that is
 * named, or a parent beside it that its images lead to. NULL, what is not there yet, devices and pipes are no such
 * file.
 */
struct error *inputs_spare(const struct invocation *invocation, const char *output)
	__attribute__((warn_unused_result));
