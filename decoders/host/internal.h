/* What the files that read facts have in common. */
#pragma once

#include "decoders/host/host.h"

enum {
	HOST_LARGEST_FILE = 64 << 20, /* bytes */
	HOST_MOST_FACTS = 200000,
};

/* Each file of the room reads facts of one subject. */
void host_read_kernel(struct host *host);
void host_read_machine(struct host *host);
void host_read_security(struct host *host);
void host_read_software(struct host *host);
void host_read_taken(struct host *host);

/* A fact; VALUE is copied. A value of digits alone is a number, too. */
void host_add(struct host *host, const char *name, struct bytes value, const char *source);
void host_add_number(struct host *host, const char *name, struct bytes value, uint64_t number, const char *source);

/* One that cannot be told, and where it was looked for. */
void host_add_unknown(struct host *host, const char *name, const char *source);

/* The whole of a file; false where it cannot be read, or is larger than above. */
bool host_file(struct host *host, const char *path, struct bytes *ret) __attribute__((warn_unused_result));
bool host_has(struct host *host, const char *path);
int host_open_directory(struct host *host, const char *path); /* -1: it cannot be */

/* A fact out of a file of one line. */
void host_add_line(struct host *host, const char *name, const char *path);

/* The next line of *REST, or word of *LINE, without what separates them; false at the end. */
bool host_line(struct bytes *rest, struct bytes *ret) __attribute__((warn_unused_result));
bool host_word(struct bytes *line, struct bytes *ret) __attribute__((warn_unused_result));

/* The value of a fact that was read before; absent where there is none. */
struct bytes host_value(const struct host *host, const char *name);
