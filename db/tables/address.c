#include "db/tables/words.h"

#include <string.h>

#include "decoders/base/size.h"
#include "decoders/model/leaves/address.h"

/* include/uapi/linux/if_addr.h, in the words of ip(8) */
static const struct name flag_names[] = {
	{ 0x1, "secondary" },	   { 0x2, "nodad" },	  { 0x4, "optimistic" },
	{ 0x8, "dadfailed" },	   { 0x10, "home" },	  { 0x20, "deprecated" },
	{ 0x40, "tentative" },	   { 0x80, "permanent" }, { 0x100, "mngtmpaddr" },
	{ 0x200, "noprefixroute" }, { 0x400, "autojoin" }, { 0x800, "stable-privacy" },
};
static const struct name_table flags = { flag_names, ARRAY_SIZE(flag_names) };

/* The first bit says something else of IPv6. */
static const struct name_table flags_ipv6 = { flag_names + 1, ARRAY_SIZE(flag_names) - 1 };

static const struct name protocol_names[] = {
	{ 1, "kernel_lo" }, { 2, "kernel_ra" }, { 3, "kernel_ll" },
};
static const struct name_table protocols = { protocol_names, ARRAY_SIZE(protocol_names) };

#define GETTER(name)                                                                             \
	static void get_##name(const struct checkpoint *checkpoint __attribute__((unused)),      \
			       const void *row, struct arena *arena, struct value *ret)          \
	{                                                                                        \
		const struct address *address = row;
GETTER(scope)
	*ret = named_value(arena, &names_route_scope, address->scope);
}

GETTER(flag_names)
	bool is_temporary = !strcmp(address->family, "inet6") && address->flags & 1;
	struct value value = mask_value(arena, is_temporary ? &flags_ipv6 : &flags,
					is_temporary ? address->flags & ~1u : address->flags);

	if (is_temporary)
		value = value_text(bytes_of(arena_printf(arena, "temporary%s%s",
							 value.text.len ? "|" : "",
							 (const char *)value.text.data)));
	*ret = value;
}

GETTER(protocol)
	*ret = named_value(arena, &protocols, address->protocol);
}
#undef GETTER

static const struct column columns[] = {
	{ .name = "ns_id", .help = "CRIU's id of its network namespace",
	  COLUMN(address, ns_id, U32) },
	{ .name = "device", .help = "name of its device; null: netdev has none of that number",
	  COLUMN(address, device, BYTES) },
	{ .name = "ifindex", .help = "number of that device", .detail = true,
	  COLUMN(address, ifindex, U32) },
	{ .name = "family", .help = "inet or inet6", COLUMN(address, family, NAME) },
	{ .name = "address", .help = "the address", COLUMN(address, address, BYTES) },
	{ .name = "prefix_len", .help = "bits of it that are the network's", .unit = "bits",
	  COLUMN(address, prefix_len, U32) },
	{ .name = "scope", .help = "global, site, link, host, or a number",
	  COMPUTED(TEXT, get_scope) },
	{ .name = "label", .help = "of IPv4, the name of the device or one that begins so",
	  .detail = true, COLUMN(address, label, BYTES) },
	{ .name = "peer", .help = "the other end of a point-to-point link",
	  COLUMN(address, peer, BYTES) },
	{ .name = "broadcast", .help = "the network's broadcast address",
	  COLUMN(address, broadcast, BYTES) },
	{ .name = "anycast", .help = "an anycast address", .detail = true,
	  COLUMN(address, anycast, BYTES) },
	{ .name = "flags", .help = "IFA_F_ flags", .detail = true, COLUMN(address, flags, HEX32) },
	{ .name = "flag_names", .help = "the names of those flags", COMPUTED(TEXT, get_flag_names) },
	{ .name = "valid_s", .help = "seconds until it goes; null: it stays", .unit = "s",
	  .detail = true, COLUMN(address, valid_s, U32) },
	{ .name = "preferred_s", .help = "seconds until it is no longer chosen; null: it stays",
	  .unit = "s", .detail = true, COLUMN(address, preferred_s, U32) },
	{ .name = "created_ms", .help = "when it came, after the machine was started", .unit = "ms",
	  .detail = true, COLUMN(address, created_ms, U64) },
	{ .name = "changed_ms", .help = "when it last changed, likewise", .unit = "ms",
	  .detail = true, COLUMN(address, changed_ms, U64) },
	{ .name = "protocol", .help = "who made it: kernel_lo, kernel_ra, kernel_ll, or a number",
	  .detail = true, COMPUTED(TEXT, get_protocol) },
	{ .name = "metric", .help = "of the route to its network", .detail = true,
	  COLUMN(address, metric, U32) },
};

const struct table table_address = {
	.name = "address",
	.plural = "addresses",
	.help = "an address of a network device",
	.key = "device family address prefix_len",
	.noise = "ns_id ifindex valid_s preferred_s created_ms changed_ms",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_address,
};
