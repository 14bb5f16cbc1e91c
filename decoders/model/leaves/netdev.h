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
