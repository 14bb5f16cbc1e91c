/*
 * Devices, addresses, routes and rules of the network namespaces that the tasks are in. But for devices, the kernel
 * answers what a dump has in its images, and the leaves that read those read this.
 */
#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "decoders/base/size.h"
#include "decoders/live/diag.h"
#include "decoders/live/leaves.h"
#include "decoders/live/proc.h"
#include "decoders/model/leaves/netdev.h"
#include "decoders/model/leaves/netlink_rows.h"

/* --- asking ---------------------------------------------------------------------------------------------- */

/* What is asked, and which of the answers are taken: their headers begin with the family. */
struct question {
	const struct netlink_source *source;
	uint16_t type;
	bool (*wants)(struct bytes body);
};

static bool is_ip(struct bytes body)
{
	return body.len > 0 && (body.data[0] == AF_INET || body.data[0] == AF_INET6);
}

/* The kernel makes those of the table "local" itself, for each address. */
static bool is_route(struct bytes body)
{
	struct rtmsg header;

	if (!is_ip(body) || body.len < sizeof(header))
		return false;
	memcpy(&header, body.data, sizeof(header));
	return header.rtm_table != RT_TABLE_LOCAL && !(header.rtm_flags & RTM_F_CLONED);
}

/* What the network namespace answers, behind the magic that such a stream has in an image. */
static void ask(struct live *live, const struct live_net *net, const struct question *question, struct out *ret)
{
	static const uint8_t request[64]; /* no family, and nothing else that would choose */
	uint32_t magic = question->source->magic;
	int error;

	if (magic)
		out_write(ret, &magic, sizeof(magic));
	error = diag_collect(net->route, question->type, request, question->source->header, question->wants,
			     MAX_LIVE_NETWORK, ret);
	if (error == EFBIG) {
		unseen_limit(live, UNSEEN_NETWORK, "bytes of devices and routes", MAX_LIVE_NETWORK);
	} else if (error) {
		errno = error;
		unseen_count(live, UNSEEN_NETWORK, net->pid);
	}
}

/* DEVICES: the index of their names; NULL for the devices themselves. */
static void fill(struct live *live, struct leaf_rows *rows, const struct question *question, const struct map *devices)
{
	struct checkpoint *checkpoint = live->checkpoint;
	struct out stream;

	out_init(&stream, -1);
	for (size_t i = 0; i < live->nets.n; i++) {
		const struct live_net *net = &live->nets.items[i];
		struct image_reader reader = {
			.name = BYTES("ns/net"), .source = checkpoint->source.path,
			.problems = &checkpoint->problems, .rows = &checkpoint->arena,
		};
		size_t row = rows->n;

		if (net->route < 0)
			continue;
		ask(live, net, question, &stream);
		reader.image = out_held(&stream);
		reader.member = proc_member(live, net->pid, "ns/net");
		netlink_rows_of(checkpoint, rows, question->source, &reader, net->ns_id, devices);
		for (; row < rows->n; row++) /* there is no file that these bytes are in */
			((struct origin *)((char *)rows->items + row * rows->leaf->row_size))->offset = NO_OFFSET;
		out_clear(&stream);
	}
	out_deinit(&stream);
}

static void fill_named(struct live *live, struct leaf_rows *rows, const struct question *question)
{
	struct map devices = netdev_index(live->checkpoint);

	fill(live, rows, question, &devices);
}

void live_fill_addresses(struct live *live, struct leaf_rows *rows)
{
	fill_named(live, rows, &(struct question){ &netlink_addresses, RTM_GETADDR, is_ip });
}

void live_fill_routes(struct live *live, struct leaf_rows *rows)
{
	fill_named(live, rows, &(struct question){ &netlink_routes, RTM_GETROUTE, is_route });
}

void live_fill_rules(struct live *live, struct leaf_rows *rows)
{
	fill_named(live, rows, &(struct question){ &netlink_rules, RTM_GETRULE, is_ip });
}

/* --- devices --------------------------------------------------------------------------------------------- */

/* CRIU's words for what it knows are the kernel's. A card has none. */
static struct bytes type_of(struct checkpoint *checkpoint, uint16_t hardware, const struct netlink_attributes *info)
{
	struct bytes kind = netlink_text(info, IFLA_INFO_KIND);

	if (hardware == ARPHRD_LOOPBACK)
		return BYTES("loopback");
	return kind.len ? arena_copy(&checkpoint->arena, kind) : BYTES("physical");
}

static void take_device(const struct netlink_row *row)
{
	const struct netlink_attributes *attributes = &row->attributes;
	uint32_t peer = netlink_u32(attributes, IFLA_LINK);
	struct netlink_attributes info, data;
	struct ifinfomsg header;
	struct netdev *netdev;

	memcpy(&header, row->header.data, sizeof(header));
	if (!netlink_nested(attributes, attributes->values[IFLA_LINKINFO], &info) ||
	    !netlink_nested(attributes, info.values[IFLA_INFO_DATA], &data))
		return;
	netdev = leaf_add(row->checkpoint, row->rows);
	*netdev = (struct netdev){
		.origin = row->origin,
		.ns_id = row->ns_id,
		.ifindex = (uint32_t)header.ifi_index,
		.name = netlink_copy(row, IFLA_IFNAME),
		.type = type_of(row->checkpoint, header.ifi_type, &info),
		.mtu = netlink_u32(attributes, IFLA_MTU),
		.flags = header.ifi_flags,
		.master = netlink_u32(attributes, IFLA_MASTER),
		.peer_ifindex = peer == ABSENT_U32 ? (uint32_t)header.ifi_index : peer,
		/* another namespace has a number here that is known to this one alone */
		.peer_nsid = attributes->values[IFLA_LINK_NETNSID].data ? ABSENT_U32 : row->ns_id,
		.owner = ABSENT_U32, .group = ABSENT_U32,
	};
	if (header.ifi_type != ARPHRD_LOOPBACK)
		netdev->address = netdev_hardware_address(row->checkpoint, attributes->values[IFLA_ADDRESS]);
	if (bytes_equal(netdev->type, BYTES("tun"))) {
		netdev->owner = netlink_u32(&data, IFLA_TUN_OWNER);
		netdev->group = netlink_u32(&data, IFLA_TUN_GROUP);
	}
}

void live_fill_netdevs(struct live *live, struct leaf_rows *rows)
{
	static const struct netlink_source devices = {
		.types = { RTM_NEWLINK, RTM_NEWLINK },
		.header = sizeof(struct ifinfomsg),
		.take = take_device,
	};

	fill(live, rows, &(struct question){ &devices, RTM_GETLINK, NULL }, NULL);
}
