/*
 * Asking the kernel about a network namespace over netlink: for its sockets (NETLINK_SOCK_DIAG), and for its devices,
 * addresses, routes and rules (NETLINK_ROUTE). One dump after the other.
 */
#pragma once

#include <linux/netlink.h>

#include "decoders/base/bytes.h"
#include "decoders/base/out.h"

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

/*
 * Sends a REQUEST of TYPE (RTM_GETADDR) and appends the answers, messages as the kernel sent them, to RET: those whose
 * body, what is behind the header, WANTS says is wanted (NULL: all). 0, or an errno: EFBIG where they are more than MOST
 * bytes.
 */
int diag_collect(int fd, uint16_t type, const void *request, size_t len, bool (*wants)(struct bytes body), size_t most,
		 struct out *ret);
