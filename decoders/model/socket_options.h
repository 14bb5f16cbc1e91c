/* The options of a socket that setsockopt(2) changed, in words. */
#pragma once

#include "decoders/base/arena.h"
#include "decoders/base/bytes.h"
#include "sockets.pb-c.h"

/*
 * "reuseaddr,keepalive,mark=0x1": each as the constant is called without its SO_, TCP_ or IP_; what is as
 * the kernel has it by itself is left out. INET: NULL for other families. Absent where OPTIONS is NULL.
 * Lives in ARENA.
 */
struct bytes socket_options_text(struct arena *arena, const SkOptsEntry *options,
				 const InetSkEntry *inet);

/* The same with WORD behind it, unless it has that already. */
struct bytes socket_options_with(struct arena *arena, struct bytes text, const char *word);
