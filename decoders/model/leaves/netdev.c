/* Network devices: netdev-N. */
#include <arpa/inet.h>
#include <ctype.h>
#include <net/if.h>
#include <stdio.h>

#include "decoders/base/out.h"
#include "decoders/base/size.h"
#include "decoders/model/leaves/netdev.h"
#include "decoders/proto/names.h"
#include "net.pb-c.h"

/* IFF_* of include/uapi/linux/if_tun.h */
static const struct name tun_flags[] = {
	{ 0x1, "tun" },		 { 0x2, "tap" },       { 0x100, "multi_queue" },
	{ 0x800, "persist" },	 { 0x1000, "no_pi" },  { 0x2000, "one_queue" },
	{ 0x4000, "vnet_hdr" },	 { 0x8000, "exclusive" },
};

/* MACVLAN_MODE_* of include/uapi/linux/if_link.h */
static const struct name macvlan_modes[] = {
	{ 1, "private" }, { 2, "vepa" }, { 4, "bridge" }, { 8, "passthru" }, { 16, "source" },
};
static const struct name_table names_macvlan_mode = { macvlan_modes, ARRAY_SIZE(macvlan_modes) };

static struct bytes type_name(struct checkpoint *checkpoint, uint32_t type)
{
	const ProtobufCEnumValue *value =
		protobuf_c_enum_descriptor_get_value(&nd_type__descriptor, (int)type);
	char *name;

	if (!value)
		return bytes_of(arena_printf(&checkpoint->arena, "unknown (%u)", type));
	name = arena_text(&checkpoint->arena, bytes_of(value->name));
	for (char *p = name; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return bytes_of(name);
}

/* Six bytes for what is like Ethernet; others have longer ones. */
struct bytes netdev_hardware_address(struct checkpoint *checkpoint, struct bytes address)
{
	enum { LONGEST = 32 }; /* MAX_ADDR_LEN of include/linux/netdevice.h */
	size_t n = address.len < LONGEST ? address.len : LONGEST;
	char text[3 * LONGEST + 1] = "";

	if (!address.data)
		return NO_BYTES;
	for (size_t i = 0; i < n; i++)
		snprintf(text + 3 * i, 4, "%02x:", address.data[i]);
	text[n ? 3 * n - 1 : 0] = '\0';
	return bytes_of(arena_text(&checkpoint->arena, bytes_of(text)));
}

/* --- what only some kinds have ------------------------------------------------------------ */

static void print_tun(const TunLinkEntry *tun, struct out *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(tun_flags); i++)
		if (tun->flags & tun_flags[i].value)
			out_printf(out, "%s ", tun_flags[i].name);
	out_printf(out, "vnethdr %u sndbuf %u", tun->vnethdr, tun->sndbuf);
}

static void print_macvlan(const MacvlanLinkEntry *macvlan, struct out *out)
{
	const char *mode = name_of(&names_macvlan_mode, macvlan->mode);

	if (mode)
		out_printf(out, "mode %s", mode);
	else
		out_printf(out, "mode %u", macvlan->mode);
	if (macvlan->has_flags)
		out_printf(out, " flags 0x%x", macvlan->flags);
}

/* One word is an IPv4 address, four are an IPv6 one; their bytes are in network order. */
static void print_address(const char *label, const uint32_t *words, size_t n, bool big_endian,
			  struct out *out)
{
	char text[INET6_ADDRSTRLEN];
	uint8_t bytes[16];

	if (n != 1 && n != 4)
		return;
	for (size_t i = 0; i < 4 * n; i++)
		bytes[i] = (uint8_t)(words[i / 4] >> 8 * (big_endian ? 3 - i % 4 : i % 4));
	if (inet_ntop(n == 1 ? AF_INET : AF_INET6, bytes, text, sizeof(text)))
		out_printf(out, "%s%s %s", out->len ? " " : "", label, text);
}

static void print_sit(const SitEntry *sit, bool big_endian, struct out *out)
{
	print_address("local", sit->local, sit->n_local, big_endian, out);
	print_address("remote", sit->remote, sit->n_remote, big_endian, out);
	if (sit->has_ttl)
		out_printf(out, "%sttl %u", out->len ? " " : "", sit->ttl);
	if (sit->has_link)
		out_printf(out, "%slink %u", out->len ? " " : "", sit->link);
	print_address("rd_prefix", sit->rd_prefix, sit->n_rd_prefix, big_endian, out);
	print_address("relay_prefix", sit->relay_prefix, sit->n_relay_prefix, big_endian, out);
}

static struct bytes detail(struct checkpoint *checkpoint, const NetDeviceEntry *from,
			   bool big_endian)
{
	struct bytes text = NO_BYTES;
	struct out out;

	out_init(&out, -1);
	if (from->tun)
		print_tun(from->tun, &out);
	else if (from->macvlan)
		print_macvlan(from->macvlan, &out);
	else if (from->sit)
		print_sit(from->sit, big_endian, &out);
	if (out.len)
		text = bytes_of(arena_text(&checkpoint->arena, out_held(&out)));
	out_deinit(&out);
	return text;
}

/* --- rows --------------------------------------------------------------------------------- */

static uint32_t if_set(protobuf_c_boolean set, uint32_t value)
{
	return set ? value : ABSENT_U32;
}

static void add_netdev(struct checkpoint *checkpoint, struct leaf_rows *rows,
		       const struct image_reader *reader, const struct image_entry *entry,
		       uint32_t ns_id)
{
	const NetDeviceEntry *from = (const NetDeviceEntry *)entry->message;
	struct netdev *netdev = leaf_add(checkpoint, rows);

	*netdev = (struct netdev){
		.origin = load_origin(reader, entry),
		.ns_id = ns_id,
		.ifindex = from->ifindex,
		.name = load_text(checkpoint, from->has_name, from->name),
		.type = type_name(checkpoint, (uint32_t)from->type),
		.mtu = from->mtu,
		.flags = from->flags,
		.address = netdev_hardware_address(checkpoint,
						   load_text(checkpoint, from->has_address, from->address)),
		.master = if_set(from->has_master, from->master),
		.peer_ifindex = if_set(from->has_peer_ifindex, from->peer_ifindex),
		.peer_nsid = if_set(from->has_peer_nsid, from->peer_nsid),
		.owner = from->tun ? (uint32_t)from->tun->owner : ABSENT_U32,
		.group = from->tun ? (uint32_t)from->tun->group : ABSENT_U32,
		.detail = detail(checkpoint, from, reader->header.big_endian),
	};
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	const struct member *member;
	size_t position = 0;
	uint32_t id;

	while ((member = load_next_namespace(checkpoint, "NETDEV", offsetof(struct process, net_ns),
					      &position, &id))) {
		struct image_reader reader;
		struct image_entry entry;

		if (!load_open(checkpoint, member, "NETDEV", &reader))
			continue;
		while (image_next(&reader, &entry))
			add_netdev(checkpoint, rows, &reader, &entry, id);
		load_close(checkpoint, &reader);
	}
}

const struct leaf leaf_netdev = {
	.name = "netdev",
	.row_size = sizeof(struct netdev),
	.needs = PART_INVENTORY,
	.load = load,
};

/* --- for others --------------------------------------------------------------------------- */

struct map netdev_index(struct checkpoint *checkpoint)
{
	struct map index = { 0 };
	const struct netdev *netdevs;
	struct leaf_rows rows;

	checkpoint_need_leaf(checkpoint, &leaf_netdev);
	rows = checkpoint_leaf(checkpoint, &leaf_netdev);
	netdevs = rows.items;
	for (size_t i = 0; i < rows.n; i++)
		if (netdevs[i].name.len < IFNAMSIZ)
			map_put(&checkpoint->arena, &index,
				map_pair(netdevs[i].ns_id, netdevs[i].ifindex), (uint32_t)i);
	return index;
}

struct bytes netdev_name(const struct checkpoint *checkpoint, const struct map *index,
			 uint32_t ns_id, uint32_t ifindex)
{
	struct leaf_rows rows = checkpoint_leaf(checkpoint, &leaf_netdev);
	uint32_t row = map_get(index, map_pair(ns_id, ifindex));

	return row == MAP_NONE ? NO_BYTES : ((const struct netdev *)rows.items)[row].name;
}
