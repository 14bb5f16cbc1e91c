/* Addresses: ifaddr-N, what the kernel answers to RTM_GETADDR (include/uapi/linux/if_addr.h). */
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include "decoders/model/leaves/address.h"
#include "decoders/model/leaves/netlink_rows.h"

static void take_lifetimes(const struct netlink_row *row, struct address *address)
{
	uint32_t preferred, valid, created, changed;
	struct cursor cursor;

	if (!netlink_structure(&row->attributes, IFA_CACHEINFO, 16, &cursor) ||
	    !cursor_u32(&cursor, &preferred) || !cursor_u32(&cursor, &valid) ||
	    !cursor_u32(&cursor, &created) || !cursor_u32(&cursor, &changed))
		return;
	address->preferred_s = preferred;
	address->valid_s = valid;
	address->created_ms = (uint64_t)created * 10; /* hundredths of a second */
	address->changed_ms = (uint64_t)changed * 10;
}

/*
 * Of IPv4 IFA_LOCAL is the address and IFA_ADDRESS the other end, or the same again; of IPv6 IFA_ADDRESS is
 * the address where there is no other end.
 */
static void take_ends(const struct netlink_row *row, struct address *address)
{
	struct bytes local = row->attributes.values[IFA_LOCAL];
	struct bytes other = row->attributes.values[IFA_ADDRESS];

	address->address = netlink_address(row->checkpoint, local.data ? local : other);
	if (local.data && other.data && !bytes_equal(local, other))
		address->peer = netlink_address(row->checkpoint, other);
}

static void take(const struct netlink_row *row)
{
	const struct netlink_attributes *attributes = &row->attributes;
	struct cursor cursor = cursor_over(bytes_from(row->header, 4),
					   attributes->netlink->big_endian);
	struct address *address = leaf_add(row->checkpoint, row->rows);
	uint32_t flags = netlink_u32(attributes, IFA_FLAGS);

	*address = (struct address){
		.origin = row->origin,
		.ns_id = row->ns_id,
		.family = netlink_family(row->checkpoint, row->header.data[0]),
		.prefix_len = row->header.data[1],
		.flags = attributes->values[IFA_FLAGS].data ? flags : row->header.data[2],
		.scope = row->header.data[3],
		.broadcast = netlink_address(row->checkpoint, attributes->values[IFA_BROADCAST]),
		.anycast = netlink_address(row->checkpoint, attributes->values[IFA_ANYCAST]),
		.label = netlink_copy(row, IFA_LABEL),
		.valid_s = ABSENT_U32, .preferred_s = ABSENT_U32,
		.created_ms = ABSENT_U64, .changed_ms = ABSENT_U64,
		.protocol = netlink_u8(attributes, IFA_PROTO),
		.metric = netlink_u32(attributes, IFA_RT_PRIORITY),
	};
	if (!cursor_u32(&cursor, &address->ifindex))
		address->ifindex = ABSENT_U32;
	address->device = netlink_device(row, address->ifindex);
	take_ends(row, address);
	take_lifetimes(row, address);
}

const struct netlink_source netlink_addresses = {
	.kind = "IFADDR", .magic = NETLINK_MAGIC_ADDRESS,
	.types = { RTM_NEWADDR, RTM_NEWADDR },
	.header = sizeof(struct ifaddrmsg),
	.take = take,
};

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	netlink_rows(checkpoint, rows, &netlink_addresses, NULL);
}

const struct leaf leaf_address = {
	.name = "address",
	.row_size = sizeof(struct address),
	.needs = PART_INVENTORY,
	.load = load,
};
