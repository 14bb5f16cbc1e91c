/* Network devices, of every network namespace in the checkpoint. */
#pragma once

#include "decoders/model/leaf.h"

struct netdev {
	struct origin origin;
	uint32_t ns_id, ifindex;
	struct bytes name;
	struct bytes type;
	uint32_t mtu, flags;
	struct bytes address; /* "aa:bb:..." */
	uint32_t master, peer_ifindex, peer_nsid;
	uint32_t owner, group; /* of a tun device; ABSENT_U32: anybody */
	struct bytes detail;   /* of a tun, macvlan or sit device, in words */
};

extern const struct leaf leaf_netdev;

/*
 * The rows by namespace and ifindex, for those that name a device by its number; loads them. Names that
 * are longer than the kernel's can be are left out: whoever refers to one would repeat it.
 */
struct map netdev_index(struct checkpoint *checkpoint);

/* The name of a device; absent where there is no such row. */
struct bytes netdev_name(const struct checkpoint *checkpoint, const struct map *index,
			 uint32_t ns_id, uint32_t ifindex);

/* A hardware address, "aa:bb:..."; absent stays absent. */
struct bytes netdev_hardware_address(struct checkpoint *checkpoint, struct bytes address);
