#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/netdev.h"

enum { UP = 1 }; /* IFF_UP of include/uapi/linux/if.h */

static void get_up(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		   struct value *ret)
{
	(void)checkpoint;
	(void)arena;
	*ret = (struct value){ .type = VALUE_BOOL,
			       .boolean = ((const struct netdev *)row)->flags & UP };
}

static const struct column columns[] = {
	{ .name = "ns_id", .help = "CRIU's id of its network namespace",
	  COLUMN(netdev, ns_id, U32) },
	{ .name = "ifindex", .help = "number of the device", COLUMN(netdev, ifindex, U32) },
	{ .name = "name", .help = "name of the device", COLUMN(netdev, name, BYTES) },
	{ .name = "type", .help = "loopback, veth, tun, extlink, venet, bridge, macvlan, sit; of running processes also "
	  "what the kernel calls it, or physical",
	  COLUMN(netdev, type, BYTES) },
	{ .name = "up", .help = "it is switched on", COMPUTED(BOOL, get_up) },
	{ .name = "mtu", .help = "largest packet", .unit = "bytes", COLUMN(netdev, mtu, U32) },
	{ .name = "address", .help = "hardware address", COLUMN(netdev, address, BYTES) },
	{ .name = "master", .help = "ifindex of the bridge that it is a port of",
	  COLUMN(netdev, master, U32) },
	{ .name = "peer_ifindex", .help = "ifindex of the other end; its own where there is none",
	  COLUMN(netdev, peer_ifindex, U32) },
	{ .name = "peer_nsid", .help = "namespace.id of the other end",
	  COLUMN(netdev, peer_nsid, U32) },
	{ .name = "flags", .help = "IFF_ flags", .detail = true, COLUMN(netdev, flags, HEX32) },
	{ .name = "owner", .help = "user id that may attach to a tun device; null: anybody",
	  .detail = true, COLUMN(netdev, owner, U32) },
	{ .name = "group", .help = "group id that may attach to a tun device; null: anybody",
	  .detail = true, COLUMN(netdev, group, U32) },
	{ .name = "detail", .help = "what only a tun, macvlan or sit device has", .detail = true,
	  COLUMN(netdev, detail, BYTES) },
};

const struct table table_netdev = {
	.name = "netdev",
	.plural = "netdevs",
	.help = "a network device of a network namespace",
	.key = "name",
	.noise = "ns_id ifindex peer_ifindex peer_nsid",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_netdev,
};
