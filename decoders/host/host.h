/*
 * What a host can do, as far as files say it: the kernel and how it was built, the CPU, limits, security, programs, and
 * what is taken already. Nothing is executed and nothing is tried out.
 *
 * A fact is a name and a value. One that cannot be told is a fact, too, without a value, so that nobody takes silence
 * for "no": its source says where it was looked for. All files are beneath one directory, "/" or a copy of another
 * host's, and no link leads out of it.
 */
#pragma once

#include "decoders/base/arena.h"
#include "decoders/base/error.h"

struct fact {
	const char *name;    /* kernel, arch, config.TUN, sysctl.vm.max_map_count, ... */
	struct bytes value;  /* absent: it cannot be told */
	uint64_t number;     /* the value, where it is one; of a version major * 1000000 + minor * 1000 + patch;
			      * HOST_NO_NUMBER */
	const char *source;  /* the file */
};

#define HOST_NO_NUMBER UINT64_MAX

struct host {
	struct arena arena;
	VEC(struct fact) facts; /* in the order in which they were read */
	int root;               /* the directory, open */
	bool is_here;           /* "/": what files do not say may be asked of the kernel */
};

/* All facts. An error where ROOT cannot be opened. */
struct error *host_read(const char *root, struct host *ret) __attribute__((warn_unused_result));
void host_close(struct host *host);

/* The size of the regular file at PATH beneath the directory ROOT. False where there is none. */
bool host_file_size(int root, struct bytes path, uint64_t *ret) __attribute__((warn_unused_result));

/* "6.12.3-amd64" as a number; HOST_NO_NUMBER where it begins with none. */
uint64_t host_version(struct bytes text);
