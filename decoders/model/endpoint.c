#include "decoders/model/endpoint.h"

#include "decoders/model/rows.h"

struct bytes endpoint_text(struct arena *arena, struct bytes address, uint32_t port)
{
	if (!address.data)
		return port == ABSENT_U32 ? BYTES("") : bytes_of(arena_printf(arena, "%u", port));
	if (port == ABSENT_U32)
		return address;
	return bytes_of(arena_printf(arena,
				     bytes_find(address, ':') < address.len ? "[%.*s]:%u" : "%.*s:%u",
				     BYTES_FMT(address), port));
}
