/* One end of a socket, in words. */
#pragma once

#include "decoders/base/arena.h"
#include "decoders/base/bytes.h"

/* "10.0.0.1:80", "[::1]:80", a path, a netlink port; empty where there is none. PORT: or ABSENT_U32. */
struct bytes endpoint_text(struct arena *arena, struct bytes address, uint32_t port);
