/* Asking the kernel for the sockets of a network namespace: NETLINK_SOCK_DIAG, one dump after the other. */
#pragma once

#include <linux/netlink.h>

#include "decoders/base/bytes.h"

/* One answer: the structure of its family, and the attributes behind it. */
struct diag_message {
	struct bytes header;
	struct bytes attributes;
};

/*
 * Sends REQUEST (a struct of LEN bytes that begins with the family) over FD and calls TAKE for each answer whose
 * structure has HEADER bytes. 0, or an errno: ENOENT where the kernel has no such listing.
 */
int diag_dump(int fd, const void *request, size_t len, size_t header,
	      void (*take)(const struct diag_message *message, void *context), void *context);

/* The payload of an attribute; absent where there is none of at least LEN bytes. */
struct bytes diag_attribute(const struct diag_message *message, unsigned number, size_t len);
